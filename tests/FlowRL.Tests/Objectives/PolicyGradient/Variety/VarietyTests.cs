using CsCheck;
using FlowRL.Objectives;
using FlowRL.Objectives.PolicyGradient;
using FlowRL.Objectives.PolicyGradient.Variety;
using static FlowRL.Tests.Objectives.ObjectiveVariants;

namespace FlowRL.Tests.Objectives.PolicyGradient.Variety;

/// <summary>Credit that asks for variety, by hand and by counting every set.</summary>
public sealed class VarietyTests
{
    private static readonly Gen<bool[]> Rights = Gen.Bool.Array[2, 9];

    // Rewards 1, 0, 0, 0 have mean 1/4: 3 and −1.
    [Fact]
    public void MaxRL_divides_by_the_mean()
    {
        Assert.Equal([3, -1, -1, -1], Scores(new MaxRlOptions().Create(), Responses(0, 1, 0, 0, 0)));
        Assert.Equal([0, 0], Scores(new MaxRlOptions().Create(), Responses(0, -1, 0)));
    }

    // p − p_G → the gradient of log p: the mean over groups of Σ_i A_i·∇log π of a Bernoulli policy is (1 − (1 − p)^G)/p of ∇p.
    [Fact]
    public void MaxRL_follows_the_truncated_logarithm_of_the_pass_rate() => Gen.Select(Gen.Double[0.05, 0.95], Gen.Int[2, 6]).Sample((p, size) =>
    {
        var sum = 0.0; // of P(group)·mean A·d log P/dp
        for (var right = 0; right <= size; right++)
        {
            var scores = Scores(new MaxRlOptions().Create(), Responses(0, [.. Enumerable.Range(0, size).Select(i => i < right ? 1.0 : 0)]));
            var probability = Subsets.Count(size, right) * Math.Pow(p, right) * Math.Pow(1 - p, size - right);
            sum += probability * scores.Select((a, i) => a * (i < right ? 1 / p : -1 / (1 - p))).Average();
        }
        // The group's own mean in the baseline takes 1/G of it.
        var order = Enumerable.Range(1, size).Sum(k => Math.Pow(1 - p, k - 1)); // d/dp of −Σ (1 − p)^k / k
        Assert.Equal(order, sum + Math.Pow(1 - p, size - 1), 1e-4);
    });

    // b = ln 2: e^{br} is 2 or 1, mean 1.25: (2/1.25 − 1)/b and (1/1.25 − 1)/b.
    [Fact]
    public void Risk_sensitive_credit_is_the_gradient_of_a_log_mean_exponential()
    {
        var b = Math.Log(2);
        var scores = Scores(new RiskSensitiveOptions { Risk = b }.Create(), Responses(0, 1, 0, 0, 0));
        Assert.Equal(0.6 / b, scores[0], 1e-6);
        Assert.Equal(-0.2 / b, scores[1], 1e-6);
        var mild = Scores(new RiskSensitiveOptions { Risk = 0.001 }.Create(), Responses(0, 1, 0, 0, 0));
        Assert.Equal(0.75, mild[0], 1e-3);
    }

    [Fact]
    public void Pass_at_k_credit_is_the_mean_normalised_reward_of_the_sets_that_hold_a_response() => Gen.Select(Rights, Gen.Int[1, 5]).Sample((rights, k) =>
    {
        k = Math.Min(k, rights.Length);
        var found = Scores(new PassAtKTrainingOptions { K = k }.Create(), Group(rights));
        double[] values = [.. Subsets.Each(rights.Length, k).Select(set => set.Any(i => rights[i]) ? 1.0 : 0)];
        var mean = values.Average();
        if (mean is 0 or 1)
        {
            Assert.All(found, a => Assert.Equal(0, a));
            return;
        }
        var deviation = Math.Sqrt(mean * (1 - mean));
        for (var i = 0; i < rights.Length; i++)
        {
            var own = Subsets.Each(rights.Length, k).Where(set => set.Contains(i)).Average(set => set.Any(j => rights[j]) ? 1.0 : 0);
            Assert.Equal((own - mean) / deviation, found[i], 1e-5);
        }
    });

    [Fact]
    public void PKPO_credit_is_the_part_in_the_best_of_every_set() => Gen.Select(Gen.Int[-4, 4].Array[2, 8], Gen.Int[1, 5]).Sample((rewards, k) =>
    {
        k = Math.Min(k, rewards.Length);
        double[] r = [.. rewards.Select(reward => reward / 2.0)];
        for (var i = 0; i < r.Length; i++)
        {
            var expected = Subsets.Each(r.Length, k).Where(set => set.Contains(i)).Average(set => set.Max(j => r[j])) * k / r.Length;
            Assert.Equal(expected, PkpoObjective.Part(r, i, k), 1e-9);
        }
    });

    [Fact]
    public void Every_set_comes_once() => Gen.Select(Gen.Int[1, 8], Gen.Int[1, 8]).Where((all, k) => k <= all).Sample((all, k) =>
    {
        var sets = Subsets.Each(all, k).Select(set => string.Join(',', set)).ToList();
        Assert.Equal(Subsets.Count(all, k), sets.Distinct().Count());
        Assert.Equal(sets.Count, sets.Distinct().Count());
    });

    // Right answers at log π −1 and −3: mean −2, so that γ = 0.3 moves 0.3 from the first to the second.
    [Fact]
    public void Differential_smoothing_moves_credit_to_rare_right_answers()
    {
        CreditInput[] group = [Right("a", -1), Right("b", -3), Wrong(-0.5f), Wrong(-9)];
        var plain = Scores(new GrpoOptions { Kl = new KlOptions() }.Create(), group);
        var smoothed = Scores(new DifferentialSmoothingOptions().Create(), group);
        Assert.Equal([plain[0] - 0.3, plain[1] + 0.3, plain[2], plain[3]], smoothed.Select(a => (double)a), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Uniform_correct_keeps_what_the_right_answers_gain_together() =>
        Gen.Select(Gen.Float[-6, 0].Array[2, 6], Gen.Double[0, 1], Gen.Bool).Sample((logs, tau, normalised) =>
        {
            CreditInput[] group = [.. logs.Select((log, i) => Right($"{i}", log)), Wrong(-1)];
            var plain = Scores(new GrpoOptions { Kl = new KlOptions() }.Create(), group);
            var found = Scores(new UniformCorrectOptions { Tau = tau, LengthNormalised = normalised }.Create(), group);
            Assert.Equal(plain[..^1].Sum(), found[..^1].Sum(), 1e-4);
            Assert.Equal(plain[^1], found[^1], 1e-6);
            for (var i = 1; i < logs.Length; i++)
                if (logs[i] < logs[0]) Assert.True(found[i] >= found[0] - 1e-6); // the rarer gains no less
        });

    // Ranks 0, 1, 2, 3 by log π −1, −2, −3, −4: right at ranks 1 and 3 with β = 0.25 have 1 − 0.25·3/4 and 1 − 0.25·1/4.
    [Fact]
    public void The_unlikely_right_answer_keeps_more_of_its_reward()
    {
        CreditInput[] group = [Wrong(-1), Right("a", -2), Wrong(-3), Right("b", -4)];
        var expected = Scores(new GrpoOptions { Kl = new KlOptions() }.Create(), Responses(0, 0, 0.8125, 0, 0.9375));
        Assert.Equal(expected, Scores(new UnlikelinessOptions().Create(), group), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    // Solutions a, a, b and a wrong answer: two of three others differ from each a, all from b.
    [Fact]
    public void DARLING_multiplies_a_reward_by_the_share_of_others_that_differ()
    {
        CreditInput[] group = [Right("a", -1), Right("a", -1), Right("b", -1), Wrong(-1)];
        var expected = Scores(new GrpoOptions { Kl = new KlOptions() }.Create(), Responses(0, 2.0 / 3, 2.0 / 3, 1, 0));
        Assert.Equal(expected, Scores(new DarlingOptions().Create(), group), (a, b) => Math.Abs(a - b) < 1e-6);
        CreditInput[] equal = [Right("a", -1), Right("a", -1), Wrong(-1) with { Answer = "7" }];
        Assert.Equal([0, 0, 0], Scores(new DarlingOptions { Weight = 0 }.Create(), Responses(0, 1, 1, 1)));
        Assert.True(Scores(new DarlingOptions { Weight = 0.5 }.Create(), equal)[0] > 0);
    }

    [Fact]
    public void Equal_answers_right_and_wrong_are_classes_of_their_own() => Assert.Equal(
        [0, 1, 0, -4, -5, 5],
        ResponseClasses.Of([Right("a", -1), Wrong(-1) with { Answer = "a" }, Right("a", -1), Wrong(-1), Wrong(-1), Right("b", -1)]));

    [Fact]
    public void Right_answers_whose_solution_is_not_known_are_one_class()
    {
        var unknown = One(1, -1) with { IsCorrect = true, Answer = "a" };
        Assert.Equal([0, 1, 0, 3], ResponseClasses.Of([unknown, Right("a", -1), unknown with { Answer = null }, Wrong(-1) with { Answer = "a" }]));
        // Of three others, two differ from each unknown one, and all from the known one and from the wrong one.
        var expected = Scores(new GrpoOptions { Kl = new KlOptions() }.Create(), Responses(0, 2.0 / 3, 2.0 / 3, 1, 0));
        Assert.Equal(expected, Scores(new DarlingOptions().Create(), [unknown, unknown, Right("b", -1), Wrong(-1)]), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Objectives_that_ask_only_what_is_right_do_not_ask_for_a_solution()
    {
        IObjective[] Each() =>
        [
            new PassAtKTrainingOptions { K = 2 }.Create(), new DifferentialSmoothingOptions().Create(), new UniformCorrectOptions().Create(),
            new UnlikelinessOptions().Create(), new AlphaDpgOptions().Create(), new OutcomeExplorationOptions().Create(),
        ];
        CreditInput[] known = [Right("a", -1), Right("b", -2), Wrong(-1.5f)];
        CreditInput[] unknown = [.. known.Select(r => r with { IsCorrect = r.IsCorrect, Solution = null })];
        Assert.All(Each().Zip(Each()), pair => Assert.Equal(Scores(pair.First, known), Scores(pair.Second, unknown)));
    }

    // Sets of two of a, a, b: values 1·1/2, 1·2/2, 1·2/2, mean 5/6; a is in 1/2 and 1, b in 1 and 1.
    [Fact]
    public void A_response_earns_what_its_sets_earn_above_all_sets()
    {
        var found = Scores(new SetCreditOptions { SetSize = 2 }.Create(), [Right("a", -1), Right("a", -1), Right("b", -1)]);
        Assert.Equal([0.75 - 5.0 / 6, 0.75 - 5.0 / 6, 1 - 5.0 / 6], found.Select(a => (double)a), (a, b) => Math.Abs(a - b) < 1e-6);
        var refusal = Assert.Throws<BadInputException>(() =>
            Scores(new SetCreditOptions { SetSize = 8 }.Create(), [.. Enumerable.Range(0, 32).Select(_ => Right("a", -1))]));
        Assert.Equal("objective.set_size: groups of 32 responses have more than 50,000 sets of 8; take smaller sets, or smaller groups (rollout.group_size).",
            refusal.Message);
    }

    // First visit: answer 7 twice, 8 once; 1/√2 and 1, repetition 1/2 and 0. Then 7 has been seen three times.
    [Fact]
    public void Seldom_answers_earn_more_and_repeated_ones_less_over_the_whole_run()
    {
        var objective = (OutcomeExplorationObjective)new OutcomeExplorationOptions { Bonus = 1, Repetition = 0.4 }.Create();
        CreditInput[] group = [Wrong(-1) with { Answer = "7" }, Right("7", -1) with { Answer = "7" }, Wrong(-1) with { Answer = "8" }];
        double[] rewards = [Math.Sqrt(0.5) - 0.2, 1 + Math.Sqrt(0.5) - 0.2, 1];
        void Check(double[] expected, IObjective of, params CreditInput[] input) => Assert.Equal(
            Scores(new GrpoOptions { Kl = new KlOptions() }.Create(), Responses(0, expected)), Scores(of, input), (a, b) => Math.Abs(a - b) < 1e-5);
        Check(rewards, objective, group);
        var restored = (OutcomeExplorationObjective)new OutcomeExplorationOptions { Bonus = 1, Repetition = 0.4 }.Create();
        restored.Restore(objective.Save());
        foreach (var one in new[] { objective, restored }) Check([1 / Math.Sqrt(3), 0.5 * 0], one, Wrong(-1) with { Answer = "7" }, Wrong(-1));
        Check([0, 1], objective, Wrong(-1) with { Problem = "other" }, Right("9", -1) with { Problem = "third", Answer = null });
    }

    // Log ratios to the reference 0 and ln 2: π_ref/π_old 1 and 1/2 over three responses, Z = 1.5/3. (p/π)^½ = √2, 1 and 0.
    [Fact]
    public void Alpha_DPG_weighs_by_the_power_of_target_over_policy()
    {
        var objective = new AlphaDpgOptions().Create();
        CreditInput[] group = [Against(Right("a", -1), -1), Against(Right("b", -1), -1 - MathF.Log(2)), Against(Wrong(-1), -1)];
        var mean = (Math.Sqrt(2) + 1) / 3;
        Assert.Equal([Math.Sqrt(2) - mean, 1 - mean, -mean], Scores(objective, group).Select(a => (double)a), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal([0, 0], Scores(objective, [Wrong(-1) with { Problem = "new" }, Wrong(-2) with { Problem = "new" }]));
        static CreditInput Against(CreditInput r, float reference) => r with { ReferenceLogProbs = [reference] };
    }

    [Fact]
    public void A_penalty_in_a_reward_that_nobody_reads_is_refused()
    {
        var kl = new KlOptions { Coefficient = 0.1, Placement = KlPlacement.Reward };
        Assert.All(new PolicyGradientOptions[] { new PassAtKTrainingOptions { Kl = kl }, new AlphaDpgOptions { Kl = kl } }, options => Assert.Equal(
            ["kl.placement: a penalty in the reward has no effect where only verdicts are read; set placement: loss."], options.Validate()));
    }

    private static CreditInput[] Group(bool[] rights) => [.. rights.Select((right, i) => right ? Right($"{i}", -1) : Wrong(-1))];

    private static CreditInput Right(string solution, float logProb) => One(1, logProb) with { Solution = solution };

    private static CreditInput Wrong(float logProb) => One(0, logProb);

    private static CreditInput One(double reward, float logProb) => new(0, reward, IsTruncated: false, [logProb], [logProb], [0]);
}
