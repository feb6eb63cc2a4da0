using FlowRL.Training;

namespace FlowRL.Tests.Training;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData(ScheduleShape.Constant, 0, 0.1)]
    [InlineData(ScheduleShape.Constant, 9, 1)]
    [InlineData(ScheduleShape.Constant, 99, 1)]
    [InlineData(ScheduleShape.Linear, 10, 1)]
    [InlineData(ScheduleShape.Linear, 55, 0.6)]
    [InlineData(ScheduleShape.Linear, 100, 0.2)]
    [InlineData(ScheduleShape.Cosine, 55, 0.6)]
    [InlineData(ScheduleShape.Cosine, 100, 0.2)]
    public void Rates_follow_warm_up_then_shape(ScheduleShape shape, int step, double expected)
    {
        var options = new OptimizerOptions { LearningRate = 1, WarmupSteps = 10, Schedule = shape, FinalShare = 0.2 };
        Assert.Equal(expected, LearningRateSchedule.At(options, step, 100), 1e-12);
    }
}
