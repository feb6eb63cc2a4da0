using System.Text.Json;
using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Training;

namespace FlowRL.Tests.Training;

public sealed class RewardPolicyTests
{
    private static readonly GroupId Id = new(2, 7);

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
        var sample = Assert.Single(RewardPolicy.ToSamples(Group(length), Id, options));
        Assert.Equal(reward, sample.Reward, 1e-12);
        Assert.Equal(1, RewardPolicy.ToSamples(Group(length), Id, options with { OverlongTokens = 0 })[0].Reward);
        Assert.Equal("p", sample.Problem);
        Assert.Equal(Id, sample.Group);
        Assert.Equal(sample.BehaviourLogProbs, sample.SamplerLogProbs);
    }

    // Limit 20, buffer 10, penalty 0.5: rewards of 1 after 10 and 20 tokens are 1 and 0.5. The failure, itself as long as the limit, has their mean.
    [Theory]
    [InlineData(TruncationPolicy.Keep, 0.75)]
    [InlineData(TruncationPolicy.Penalise, 0)] // 1 and the truncated one's −1
    public void A_failed_verdict_has_the_mean_of_what_the_others_earn_after_penalties(TruncationPolicy truncated, double mean)
    {
        var options = new RolloutOptions
        {
            OverlongTokens = 10,
            OverlongPenalty = 0.5,
            Truncated = truncated,
            TruncationReward = -1,
            Sampling = new SamplingOptions { MaxNewTokens = 20 },
        };
        var right = new Reward.Score(1);
        var samples = RewardPolicy.ToSamples(Group((10, right), (20, right), (20, new Reward.Error("broken"))), Id, options);
        Assert.Equal(mean, samples[2].Reward, 1e-12);
        Assert.Equal([true, true, false], samples.Select(sample => sample.IsScored));
        Assert.Equal(0, samples[2].TrainedTokens);
        Assert.Equal(20, samples[1].TrainedTokens);
    }

    [Fact]
    public void A_right_answer_without_a_solution_stays_right_in_training_and_in_checkpoints()
    {
        var group = Group(5);
        var verdict = new Verdict(new Reward.Score(1), "7", null) { IsCorrect = true };
        var sample = Assert.Single(RewardPolicy.ToSamples(group with { Verdicts = [verdict] }, Id, new RolloutOptions()));
        Assert.Equal((true, null), (sample.IsCorrect, sample.Solution));
        Assert.True(JsonSerializer.Deserialize<TrainingSample>(JsonSerializer.Serialize(sample))!.IsCorrect);
        var known = JsonSerializer.Serialize(sample with { Solution = "a" }).Replace("\"IsCorrect\":true,", "", StringComparison.Ordinal);
        Assert.True(JsonSerializer.Deserialize<TrainingSample>(known)!.IsCorrect); // of a checkpoint that is older than the entry
    }

    [Fact]
    public void Where_every_verdict_failed_nothing_is_trained()
    {
        var samples = RewardPolicy.ToSamples(Group((2, new Reward.Error("broken")), (3, new Reward.Timeout(TimeSpan.FromSeconds(1)))), Id, new RolloutOptions());
        Assert.All(samples, sample => Assert.Equal((0.0, 0, false), (sample.Reward, sample.TrainedTokens, sample.IsScored)));
    }

    private static ScoredGroup Group(int length) => Group((length, new Reward.Score(1)));

    private static ScoredGroup Group(params (int Length, Reward Reward)[] responses) => new(
        new RolloutGroup(new Problem("p", "", ""), [1], [.. responses.Select(response => Response(response.Length))]),
        [.. responses.Select(response => new Verdict(response.Reward, null, null))]);

    private static Response Response(int length) => new()
    {
        TokenIds = new int[length],
        LossMask = [.. Enumerable.Repeat(true, length)],
        LogProbs = new float[length],
        FinishReason = length == 20 ? FinishReason.Length : FinishReason.Stop,
        PolicyVersions = [3],
        Text = "",
    };
}
