using FlowRL.Objectives;

namespace FlowRL.Tests.Objectives;

public sealed class RejectionSamplingTests
{
    // Three responses of 2, 1 and 2 tokens, the first and the last accepted.
    private static readonly TokenBatch Batch = new(
        [[-1, -2], [-5, 0], [-0.5, -0.5]], [[0, 0], [0, 0], [0, 0]], [[0, 0], [0, 0], [0, 0]], [[1, 1], [1, 0], [1, 1]],
        [0, 0, 0], [1, 0, 1]);

    // token: (3 + 1)/5 tokens = 0.8, each accepted token −1/5; sequence: (1.5 + 0.5)/3 responses = 2/3, each accepted token −1/6.
    [Theory]
    [InlineData(RejectionAverage.Token, 0.8, -0.2)]
    [InlineData(RejectionAverage.Sequence, 2.0 / 3, -1.0 / 6)]
    public void The_loss_is_the_negative_log_likelihood_of_accepted_answers(RejectionAverage average, double loss, double gradient)
    {
        var evaluation = Batch.Evaluate(new RejectionSamplingOptions { Average = average }.Create());
        Assert.Equal(loss, evaluation.Loss, 1e-12);
        Assert.Equal(1, evaluation.Kept);
        double[] expected = [gradient, gradient, 0, 0, gradient, gradient];
        Assert.All(expected.Zip(evaluation.PolicyGradient), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Theory]
    [InlineData(RejectionAverage.Token)]
    [InlineData(RejectionAverage.Sequence)]
    public void Masked_positions_change_nothing(RejectionAverage average)
    {
        var objective = new RejectionSamplingOptions { Average = average }.Create();
        Assert.Equal(Batch.Evaluate(objective).Loss, Batch.Padded(2, double.NaN).Evaluate(objective).Loss, 1e-12);
    }

    [Fact]
    public void Answers_are_accepted_above_the_threshold_only()
    {
        CreditInput Response(double reward) => new(0, reward, false, [-1, -1], [], []);
        var assignment = new RejectionSamplingOptions().Create().AssignCredit([Response(0.5), Response(0.6), Response(1)]);
        Assert.Equal([0, 1, 1], assignment.Credits.Select(c => c.Score));
        Assert.Equal(0.7, assignment.Metrics["reward_mean"], 1e-12);
    }
}
