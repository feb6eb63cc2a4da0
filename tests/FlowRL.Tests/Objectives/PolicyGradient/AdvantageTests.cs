using System.Text.Json.Nodes;
using CsCheck;
using FlowRL.Objectives;
using FlowRL.Objectives.PolicyGradient;
using static FlowRL.Tests.Objectives.ObjectiveVariants;

namespace FlowRL.Tests.Objectives.PolicyGradient;

/// <summary>Credit of every policy gradient; the KL penalty is off unless a test is about it.</summary>
public sealed class AdvantageTests
{
    private static readonly KlOptions NoKl = new();

    private static readonly Gen<double[]> Rewards = Gen.Int[-8, 8].Select(i => i / 4.0).Array[2, 8];

    // Rewards 1, 0, 0, 0: mean 0.25, sample deviation 0.5. Leave-one-out: 1 − 0 and 0 − 1/3. The baseline variant of REINFORCE++
    // divides 0.75, −0.25, −0.25, −0.25, three tokens each, by √(12·0.1875/11).
    [Fact]
    public void Golden_advantages_of_one_right_answer_in_four()
    {
        CreditInput[] responses = Responses(0, 1, 0, 0, 0);
        void Is(PolicyGradientOptions options, double right, double wrong)
        {
            var scores = Scores(options.Create(), responses);
            Assert.Equal(right, scores[0], 1e-6);
            Assert.All(scores[1..], score => Assert.Equal(wrong, score, 1e-6));
        }
        Is(new GrpoOptions { Kl = NoKl }, 0.75 / 0.500001, -0.25 / 0.500001);
        Is(new DapoOptions(), 0.75 / 0.500001, -0.25 / 0.500001);
        Is(new GspoOptions(), 0.75 / 0.500001, -0.25 / 0.500001);
        Is(new DrGrpoOptions(), 0.75, -0.25);
        Is(new RlooOptions { Kl = NoKl }, 1, -1.0 / 3);
        var deviation = Math.Sqrt(12 * 0.1875 / 11);
        Is(new ReinforcePpBaselineOptions { Kl = NoKl }, 0.75 / deviation, -0.25 / deviation);
        Is(new ReinforcePpOptions { Kl = NoKl }, 0.75 / deviation, -0.25 / deviation);
        // Four responses, not twelve tokens.
        Is(new SpoOptions(), 0.75 / 0.5, -0.25 / 0.5);
    }

    [Fact]
    public void RLOO_with_two_responses_is_the_difference() =>
        Gen.Select(Gen.Double[-3, 3], Gen.Double[-3, 3]).Sample((a, b) =>
        {
            var scores = Scores(new RlooOptions { Kl = NoKl }.Create(), Responses(0, a, b));
            Assert.Equal(a - b, scores[0], 1e-5);
            Assert.Equal(b - a, scores[1], 1e-5);
        });

    [Fact]
    public void RLOO_subtracts_the_mean_of_the_others() => Rewards.Sample(rewards =>
    {
        var scores = Scores(new RlooOptions { Kl = NoKl }.Create(), Responses(0, rewards));
        for (var i = 0; i < rewards.Length; i++)
            Assert.Equal(rewards[i] - rewards.Where((_, j) => j != i).Average(), scores[i], 1e-5);
    });

    [Fact]
    public void Equal_rewards_of_a_group_have_no_advantage() =>
        Gen.Select(Gen.OneOf(Comparing), Gen.Double[-3, 3], Gen.Int[2, 6]).Sample((options, reward, count) =>
            Assert.All(Scores(options.Create(), [.. Responses(0, [.. Enumerable.Repeat(reward, count)]), .. Responses(1, 1, 0)]).Take(count),
                score => Assert.Equal(0, score, 1e-6)));

    [Fact]
    public void A_shift_of_a_groups_rewards_changes_nothing() =>
        Gen.Select(Gen.OneOf(ShiftFree), Rewards, Gen.Int[-64, 64]).Sample((options, rewards, shift) =>
        {
            CreditInput[] other = Responses(1, 1, 0, 0.5);
            var plain = Scores(options.Create(), [.. Responses(0, rewards), .. other]);
            var shifted = Scores(options.Create(), [.. Responses(0, [.. rewards.Select(r => r + shift / 4.0)]), .. other]);
            Assert.All(plain.Zip(shifted), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        });

    [Fact]
    public void A_shift_of_all_rewards_changes_nothing_where_the_batch_is_normalised() =>
        Gen.Select(Gen.OneOf<PolicyGradientOptions>(new ReinforcePpOptions { Kl = NoKl }, new SpoOptions(), new PpoOptions { Kl = NoKl }),
            Rewards, Gen.Int[-64, 64]).Sample((options, rewards, shift) =>
            {
                var plain = Scores(options.Create(), Responses(0, rewards));
                var shifted = Scores(options.Create(), Responses(0, [.. rewards.Select(r => r + shift / 4.0)]));
                Assert.All(plain.Zip(shifted), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
            });

    [Fact]
    public void A_group_of_one_is_refused_where_a_group_is_compared() => Assert.All(Comparing, options =>
    {
        Assert.Equal(2, options.Create().MinimumGroupSize);
        Assert.Throws<BadInputException>(() => options.Create().AssignCredit([.. Responses(0, 1, 0), Response(1, 1)]));
    });

    [Fact]
    public void Masked_responses_have_no_part_in_the_statistics_of_a_batch()
    {
        foreach (var options in new PolicyGradientOptions[] { new ReinforcePpOptions { Kl = NoKl }, new SpoOptions(), new PpoOptions { Kl = NoKl } })
        {
            var plain = Scores(options.Create(), Responses(0, 1, 0, 0));
            var with = Scores(options.Create(), [.. Responses(0, 1, 0, 0), Response(0, 50, trained: false)]);
            Assert.Equal(plain, with[..3]);
            Assert.Equal(0, with[3]);
        }
    }

    // As if the failed response had not been sampled; one whose others all failed has nobody to be compared with.
    [Fact]
    public void A_response_without_a_verdict_has_no_part_in_the_statistics_of_its_group()
    {
        var failed = Response(0, 1.0 / 3, trained: false) with { IsScored = false };
        foreach (var options in Comparing)
        {
            var plain = Scores(options.Create(), Responses(0, 1, 0, 0));
            var with = options.Create().AssignCredit([.. Responses(0, 1, 0, 0), failed]);
            Assert.All(plain.Zip(with.Credits), pair => Assert.Equal(pair.First, pair.Second.TokenAdvantages[0], 1e-6));
            Assert.Equal(1.0 / 3, with.Metrics["reward_mean"], 1e-12);
            var lonely = Scores(options.Create(), [Response(0, 1), Response(0, 1, trained: false) with { IsScored = false }, .. Responses(1, 1, 0)]);
            Assert.Equal([0, 0], lonely[..2]);
        }
    }

    // r = 1, c = 0.1, log ratios to the reference 0.5, −0.2, 0.3: penalties 0.05, −0.02, 0.03. REINFORCE++ has rewards to go of
    // 1 − 0.06, 1 − 0.01, 1 − 0.03 before normalisation: mean 0.96667, deviation √(0.00126667/2).
    [Fact]
    public void REINFORCE_pp_pays_each_token_the_penalties_from_it_on()
    {
        var response = new CreditInput(0, 1, false, [-1, -1, -1], [-1.5f, -0.8f, -1.3f], []);
        var options = new ReinforcePpOptions { Kl = new KlOptions { Coefficient = 0.1, Placement = KlPlacement.Reward, Estimator = KlEstimator.K1 } };
        var credit = options.Create().AssignCredit([response]).Credits[0];
        double[] toGo = [0.94, 0.99, 0.97];
        var (mean, deviation) = (toGo.Average(), Math.Sqrt(toGo.Sum(a => Math.Pow(a - 2.9 / 3, 2)) / 2));
        Assert.All(toGo.Zip(credit.TokenAdvantages), pair => Assert.Equal((pair.First - mean) / deviation, pair.Second, 1e-4));
        Assert.Equal(0.94, credit.Score, 1e-6);
    }

    // The same response and one without drift, at RLOO: 0.94 − 0.5 and back.
    [Fact]
    public void Sequence_rewards_lose_the_sum_of_the_penalties()
    {
        var options = new RlooOptions { Kl = new KlOptions { Coefficient = 0.1, Placement = KlPlacement.Reward, Estimator = KlEstimator.K1 } };
        CreditInput[] responses = [new(0, 1, false, [-1, -1, -1], [-1.5f, -0.8f, -1.3f], []), new(0, 0.5, false, [-1], [-1], [])];
        Assert.Equal(0.44, Scores(options.Create(), responses)[0], 1e-6);
    }

    // Values 0.5, 0.25, reward 1 at the end. λ = 1: A = 1 − V, returns 1. λ = 0: A_0 = V_1 − V_0, A_1 = 1 − V_1.
    // γ = λ = 0.5: δ_1 = 0.75, δ_0 = 0.125 − 0.5 = −0.375, A_0 = −0.375 + 0.25·0.75 = −0.1875.
    [Theory]
    [InlineData(1, 1, new[] { 0.5f, 0.75f }, new[] { 1f, 1f })]
    [InlineData(1, 0, new[] { -0.25f, 0.75f }, new[] { 0.25f, 1f })]
    [InlineData(0.5, 0.5, new[] { -0.1875f, 0.75f }, new[] { 0.3125f, 1f })]
    public void PPO_assigns_credit_token_by_token(double gamma, double lambda, float[] advantages, float[] returns)
    {
        var options = new PpoOptions { Gamma = gamma, GaeLambda = lambda, NormaliseAdvantages = false, Kl = NoKl };
        var credit = options.Create().AssignCredit([new(0, 1, false, [-1, -1], [], [0.5f, 0.25f])]).Credits[0];
        Assert.Equal(advantages, credit.TokenAdvantages);
        Assert.Equal(returns, credit.TokenReturns);
    }

    [Fact]
    public void Tokens_of_an_environment_are_no_steps()
    {
        var options = new PpoOptions { GaeLambda = 0.5, NormaliseAdvantages = false, Kl = NoKl };
        var plain = options.Create().AssignCredit([new(0, 1, false, [-1, -1], [], [0.5f, 0.25f])]).Credits[0];
        var between = options.Create().AssignCredit(
            [new CreditInput(0, 1, false, [-1, -9, -1, -9], [], [0.5f, 7, 0.25f, 7]) { LossMask = [true, false, true, false] }]).Credits[0];
        Assert.Equal([plain.TokenAdvantages[0], 0, plain.TokenAdvantages[1], 0], between.TokenAdvantages);
        Assert.Equal([plain.TokenReturns[0], 0, plain.TokenReturns[1], 0], between.TokenReturns);
    }

    [Fact]
    public void Normalised_advantages_have_mean_zero_and_deviation_one() =>
        Gen.Select(Rewards, Gen.Double[0, 1]).Where((rewards, _) => rewards.Distinct().Count() > 1).Sample((rewards, lambda) =>
        {
            var options = new PpoOptions { GaeLambda = lambda, Kl = NoKl };
            var advantages = options.Create().AssignCredit(Responses(0, rewards)).Credits.SelectMany(credit => credit.TokenAdvantages).ToArray();
            Assert.Equal(0, advantages.Average(), 1e-4);
            Assert.Equal(1, advantages.Sum(a => a * a) / (advantages.Length - 1), 1e-4);
        });

    [Fact]
    public void A_critic_that_knows_the_returns_explains_all_their_variance()
    {
        CreditInput Response(double reward, float value) => new(0, reward, false, [-1, -1], [], [value, value]);
        double Explained(params CreditInput[] responses) =>
            new PpoOptions { Kl = NoKl }.Create().AssignCredit(responses).Metrics["explained_variance"];
        Assert.Equal(1, Explained(Response(1, 1), Response(0, 0)), 1e-12);
        Assert.Equal(0, Explained(Response(1, 0.5f), Response(0, 0.5f)), 1e-12);
    }

    // Target 2 nats, horizon 100. Divergence 3 of 10 responses: e = min(0.5, 0.2), coefficient 0.1·(1 + 0.2·10/100) = 0.102.
    // Divergence 1.8: e = −0.1, 0.102·(1 − 0.01).
    [Fact]
    public void The_adaptive_coefficient_follows_its_target_and_is_saved()
    {
        var options = new RlooOptions
        {
            Kl = new KlOptions { Coefficient = 0.1, Placement = KlPlacement.Reward, Estimator = KlEstimator.K1, Target = 2, Horizon = 100 },
        };
        CreditInput[] Batch(double divergence) => [.. Enumerable.Range(0, 10).Select(_ =>
            new CreditInput(0, 1, false, [0], [(float)-divergence], []))];
        var objective = (IStatefulObjective)options.Create();
        Assert.Equal(0.1, objective.AssignCredit(Batch(3)).Metrics["kl_coefficient"]);
        Assert.Equal(0.102, objective.AssignCredit(Batch(1.8)).Metrics["kl_coefficient"], 1e-12);
        Assert.Equal(0.102 * 0.99, (double)objective.Save()["kl_coefficient"]!, 1e-9);

        var restored = (IStatefulObjective)options.Create();
        restored.Restore(JsonNode.Parse(objective.Save().ToJsonString())!.AsObject());
        Assert.Equal(objective.AssignCredit(Batch(3)).Metrics["kl_coefficient"], restored.AssignCredit(Batch(3)).Metrics["kl_coefficient"]);
        Assert.Throws<FormatException>(() => restored.Restore([]));
    }

    [Fact]
    public void A_fixed_coefficient_stays() =>
        Gen.Double[0, 50].Sample(divergence =>
        {
            var objective = (IStatefulObjective)new GrpoOptions().Create();
            objective.AssignCredit([new(0, 1, false, [0], [(float)-divergence], []), new(0, 0, false, [0], [0], [])]);
            Assert.Equal(0.001, (double)objective.Save()["kl_coefficient"]!);
        });

    [Fact]
    public void Only_groups_whose_rewards_differ_are_wanted_by_DAPO()
    {
        var filter = (IGroupFilter)new DapoOptions().Create();
        Assert.True(filter.Wants([0, 1, 1]));
        Assert.False(filter.Wants([1, 1]));
        Assert.False(filter.Wants([0]));
        Assert.False(filter.Wants([]));
    }
}
