using CsCheck;
using FlowRL.Objectives;
using FlowRL.Objectives.DistributionMatching;

namespace FlowRL.Tests.Objectives.DistributionMatching;

public sealed class FlowRLCreditTests
{
    private static readonly IObjective Normalised = new FlowRLOptions().Create();
    private static readonly IObjective Raw = new FlowRLOptions { RewardNormalised = false }.Create();

    private static readonly Gen<double[]> Rewards = Gen.Int[-8, 8].Select(i => i / 4.0).Array[2, 8];

    [Fact]
    public void Adding_a_constant_to_a_groups_rewards_changes_nothing() =>
        Gen.Select(Rewards, Gen.Int[-64, 64]).Sample((rewards, shift) =>
        {
            var shifted = Scores(Normalised, [.. rewards.Select(r => r + shift / 4.0)]);
            Assert.All(Scores(Normalised, rewards).Zip(shifted), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        });

    [Fact]
    public void Scaling_a_groups_rewards_changes_nothing_beyond_the_epsilon() =>
        Gen.Select(Rewards, Gen.Double[1, 100]).Sample((rewards, scale) =>
        {
            var scaled = Scores(Normalised, [.. rewards.Select(r => r * scale)]);
            Assert.All(Scores(Normalised, rewards).Zip(scaled), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        });

    // Rewards 1, 0, 0, 0: mean 0.25, sample variance (0.75² + 3·0.25²)/3 = 0.25, std 0.5.
    [Fact]
    public void The_deviation_is_that_of_the_sample()
    {
        var assignment = Normalised.AssignCredit(Responses(0, 1, 0, 0, 0));
        Assert.Equal(0.75 / 0.500001, assignment.Credits[0].Score, 1e-6);
        Assert.Equal(-0.25 / 0.500001, assignment.Credits[1].Score, 1e-6);
        Assert.Equal(0.25, assignment.Metrics["reward_mean"]);
        Assert.Equal(0.5, assignment.Metrics["reward_std"], 1e-12);
    }

    [Fact]
    public void Groups_do_not_see_each_other()
    {
        CreditInput[] mixed = [.. Responses(7, 1, 0), .. Responses(3, 5, 4), .. Responses(7, 0)];
        var scores = Normalised.AssignCredit(mixed).Credits.Select(c => c.Score).ToArray();
        float[] seven = [scores[0], scores[1], scores[4]];
        Assert.Equal(Scores(Normalised, [1, 0, 0]), seven);
        Assert.Equal(Scores(Normalised, [5, 4]), scores[2..4]);
    }

    // Rewards 1, 0.5, 0: √(0.5/2) = 0.5. With the stand-in of 0.5 it would be √(0.5/3).
    [Fact]
    public void A_response_without_a_verdict_has_no_part_in_the_deviation()
    {
        CreditInput[] responses = [.. Responses(0, 1, 0.5, 0), Response(0, 0.5, 3, 0) with { IsScored = false, LossMask = [false, false, false] }];
        var assignment = Normalised.AssignCredit(responses);
        Assert.Equal(0.5 / 0.500001, assignment.Credits[0].Score, 1e-6);
        Assert.Equal(0.5, assignment.Metrics["reward_std"], 1e-12);
        Assert.All(Normalised.AssignCredit([.. responses.Select(response => response with { IsScored = false })]).Credits,
            credit => Assert.True(float.IsFinite(credit.Score)));
    }

    // 0.1 is no binary fraction: the mean of three differs from it in the last bit.
    [Fact]
    public void A_group_without_variance_scores_zero_and_is_counted()
    {
        var assignment = Normalised.AssignCredit([.. Responses(0, 0.1, 0.1, 0.1), .. Responses(1, 1, 0)]);
        Assert.All(assignment.Credits.Take(3), credit => Assert.Equal(0, credit.Score));
        Assert.Equal(0.5, assignment.Metrics["zero_variance_groups"]);
    }

    [Fact]
    public void Raw_rewards_are_the_scores_and_need_no_group()
    {
        Assert.Equal([3, -1], Scores(Raw, [3, -1]));
        Assert.Equal([0.5f], Scores(Raw, [0.5]));
        Assert.Equal(1, Raw.MinimumGroupSize);
        Assert.Equal(2, Normalised.MinimumGroupSize);
    }

    [Fact]
    public void A_group_of_one_cannot_be_normalised() => Assert.Equal(
        "Group 4 of the rollout batch has one response, but this objective compares the responses of a group; sample two or more " +
        "(rollout.group_size).",
        Assert.Throws<BadInputException>(() => Normalised.AssignCredit([.. Responses(3, 1, 0), .. Responses(4, 1)])).Message);

    [Fact]
    public void Every_token_has_its_responses_credit()
    {
        var credit = Raw.AssignCredit([Response(0, 2.5, 4, 0)]).Credits[0];
        Assert.Equal([2.5f, 2.5f, 2.5f, 2.5f], credit.TokenAdvantages);
        Assert.Equal(new float[4], credit.TokenReturns);
    }

    // Good answers of 2, 4 and 6 tokens gain 0.5 nats a token over the reference; the bad one, long and far off, does not count.
    [Fact]
    public void Length_tilt_is_the_slope_of_the_log_ratio_on_length_among_good_answers()
    {
        CreditInput[] tilted = [Response(0, 1, 2, 0.5), Response(0, 1, 4, 0.5), Response(0, 1, 6, 0.5), Response(0, 0, 9, -3)];
        Assert.Equal(0.5, Normalised.AssignCredit(tilted).Metrics["length_tilt"], 1e-6);
        // A log-ratio of 3 for every good answer, as at the exact target: no tilt.
        CreditInput[] level = [Response(0, 1, 2, 1.5), Response(0, 1, 4, 0.75), Response(0, 1, 6, 0.5), Response(0, 0, 9, -3)];
        Assert.Equal(0, Normalised.AssignCredit(level).Metrics["length_tilt"], 1e-6);
        Assert.Equal(0, Normalised.AssignCredit(Responses(0, 1, 0, 0)).Metrics["length_tilt"]);
    }

    private static float[] Scores(IObjective objective, double[] rewards) =>
        [.. objective.AssignCredit(Responses(0, rewards)).Credits.Select(c => c.Score)];

    private static CreditInput[] Responses(int group, params double[] rewards) => [.. rewards.Select(r => Response(group, r, 3, 0))];

    private static CreditInput Response(int group, double reward, int length, double logRatioPerToken) => new(
        group, reward, IsTruncated: false,
        [.. Enumerable.Repeat((float)(logRatioPerToken - 1), length)], [.. Enumerable.Repeat(-1f, length)], []);
}
