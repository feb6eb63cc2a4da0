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
        // The same warm-up as a share of the run.
        Assert.Equal(expected, LearningRateSchedule.At(options with { WarmupSteps = 77, WarmupShare = 0.1 }, step, 100), 1e-12);
    }

    [Theory]
    [InlineData(0.25, 7, 2)] // 1.75 steps are two
    [InlineData(1, 4, 4)]
    [InlineData(0.001, 10, 1)]
    public void A_share_is_rounded_up_to_whole_steps(double share, int total, int warmup)
    {
        var options = new OptimizerOptions { LearningRate = 1, WarmupShare = share };
        for (var step = 0; step < total; step++)
            Assert.Equal(Math.Min(1, (step + 1.0) / warmup), LearningRateSchedule.At(options, step, total), 1e-12);
    }
}
