using FlowRL.Recipes;
using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Training;

namespace FlowRL.Tests.Training;

public sealed class RewardPolicyTests
{
    // Limit 20, buffer 10, penalty 0.5: nothing up to 10 tokens, half of it at 15, all at 20.
    [Theory]
    [InlineData(5, 1)]
    [InlineData(10, 1)]
    [InlineData(15, 0.75)]
    [InlineData(20, 0.5)]
    public void Rewards_fall_over_the_last_tokens_before_the_limit(int length, double reward)
    {
        var options = new RolloutOptions
        {
            OverlongTokens = 10,
            OverlongPenalty = 0.5,
            Sampling = new SamplingOptions { MaxNewTokens = 20 },
        };
        var sample = Assert.Single(RewardPolicy.ToSamples(Group(length), 7, options));
        Assert.Equal(reward, sample.Reward, 1e-12);
        Assert.Equal(1, RewardPolicy.ToSamples(Group(length), 7, options with { OverlongTokens = 0 })[0].Reward);
        Assert.Equal("p", sample.Problem);
        Assert.Equal(sample.OldLogProbs, sample.SamplerLogProbs);
    }

    private static ScoredGroup Group(int length)
    {
        var response = new Response
        {
            TokenIds = new int[length],
            LossMask = new bool[length],
            LogProbs = new float[length],
            SampledLogProbs = new float[length],
            FinishReason = FinishReason.Stop,
            PolicyVersion = 3,
            Text = "",
        };
        return new ScoredGroup(new RolloutGroup(new Problem("p", "", ""), [1], [response]), [new Verdict(new Reward.Score(1), null, null)]);
    }
}
