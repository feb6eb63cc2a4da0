using CsCheck;
using FlowRL.Objectives;
using FlowRL.Objectives.DistributionMatching;
using FlowRL.Objectives.PolicyGradient;
using FlowRL.Objectives.Targets;

namespace FlowRL.Tests.Objectives.DistributionMatching;

public sealed class ClippedFlowTests
{
    // Rewards 1 and 0; pulls to go (0.5, 0.2) and (−0.3), β 2: K̄ = (0.1, 0.1); g − K_0/β = 0.75 and 0.15, deviation 0.6/√2.
    // A of the first: ((1 − 0.5) − (0.5 − 0.1)/2, (0.5) − (0.2 − 0.1)/2), of the second −0.5 − (−0.3 − 0.1)/2, all times 2/√(0.18 + 0.01).
    [Fact]
    public void The_advantage_is_the_gain_less_the_pull_of_the_tokens_to_come()
    {
        var credits = new ClippedFlowOptions { Beta = 2 }.Create().AssignCredit([Response(1, 0.3f, 0.2f), Response(0, -0.3f)]).Credits;
        var scale = 2 / Math.Sqrt(0.19);
        Assert.Equal([0.3 * scale, 0.45 * scale], credits[0].TokenAdvantages.Select(a => (double)a), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal([-0.3 * scale], credits[1].TokenAdvantages.Select(a => (double)a), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(0.75, credits[0].Score, 1e-6);
    }

    /// <summary>Halfway up a ramp from 1 to 3 the credit is that of β 2, and the first step's that of β 1.</summary>
    [Fact]
    public void Beta_follows_its_schedule_over_the_run()
    {
        ClippedFlowOptions ramp = new() { BetaSchedule = BetaScheduleKind.Linear, BetaStart = 1, Beta = 3, BetaAnnealShare = 0.5 };
        CreditInput[] At(double progress) => [.. new[] { Response(1, 0.3f, 0.2f), Response(0, -0.3f) }.Select(response => response with { Progress = progress })];
        foreach (var (progress, beta) in new (double, double)[] { (0, 1), (0.25, 2), (0.5, 3), (0.9, 3) })
        {
            var expected = new ClippedFlowOptions { Beta = beta }.Create().AssignCredit(At(0)).Credits;
            Assert.Equal(expected.SelectMany(credit => credit.TokenAdvantages), ramp.Create().AssignCredit(At(progress)).Credits.SelectMany(credit => credit.TokenAdvantages));
        }
        Assert.Equal(["beta_start: has no effect with beta_schedule: constant; remove it, or choose linear or cosine."],
            (ramp with { BetaSchedule = null, BetaAnnealShare = null }).Validate());
    }

    [Fact]
    public void Only_right_answers_are_pulled_where_that_is_asked_for()
    {
        var objective = new ClippedFlowOptions { Beta = 2, Pull = FlowPull.RightAnswers }.Create();
        var credits = objective.AssignCredit([Response(1, 0.4f) with { Solution = "a" }, Response(0, -9f)]).Credits;
        // K = 0.4 and 0: (0.5 − 0.2/2) and −0.5 + 0.2/2, deviation of 0.8 and 0 is 0.8/√2.
        var scale = 2 / Math.Sqrt(0.33);
        Assert.Equal(0.4 * scale, credits[0].TokenAdvantages[0], 1e-5);
        Assert.Equal(-0.4 * scale, credits[1].TokenAdvantages[0], 1e-5);
    }

    /// <summary>At the policy that sampled, the update of responses of one token is that of VarGrad on the same target, by one factor for the group.</summary>
    [Fact]
    public void On_policy_it_goes_where_VarGrad_goes() => Gen.Select(Gen.ULong, Gen.Int[2, 6], Gen.OneOf<TargetOptions>(
        new ReferenceTargetOptions(), new FlatTargetOptions(), new TemperedTargetOptions())).Sample((seed, count, target) =>
    {
        CreditInput[] responses = [.. Enumerable.Range(0, count).Select(i => new CreditInput(0, Math.Round(Seeds.Uniform(seed, i)), IsTruncated: false,
            [(float)(-3 * Seeds.Uniform(seed, 100 + i))], [(float)(-3 * Seeds.Uniform(seed, 200 + i))], []) { Problem = "one", Form = (ulong)i })];
        responses = [.. responses.Select(r => r with { Solution = r.Reward == 1 ? "a" : null })];
        double[] Gradient(ObjectiveOptions options)
        {
            var objective = options.Create();
            var credits = objective.AssignCredit(responses).Credits;
            double[][] policy = [.. responses.Select(r => new[] { (double)r.BehaviourLogProbs[0] })];
            return new TokenBatch(policy, policy, [.. responses.Select(r => new[] { (double)r.ReferenceLogProbs[0] })], [.. responses.Select(_ => new[] { 1.0 })],
                new double[count], [.. credits.Select(c => (double)c.Score)])
            {
                Advantages = [.. credits.Select(c => Array.ConvertAll(c.TokenAdvantages, a => (double)a))],
                Offsets = [.. credits.Select(c => (double)c.Offset)],
            }.Evaluate(objective).PolicyGradient;
        }
        var (flow, vargrad) = (Gradient(new ClippedFlowOptions { Beta = 3, Target = target }), Gradient(new VarGradOptions { Beta = 3, Target = target }));
        var factor = flow.Zip(vargrad, (a, b) => a * b).Sum() / vargrad.Sum(b => b * b);
        Assert.True(factor > 0);
        Assert.All(flow.Zip(vargrad), pair => Assert.Equal(factor * pair.Second, pair.First, 1e-5 * Math.Max(1, factor)));
    }, iter: 100, threads: 1);

    [Fact]
    public void What_its_target_has_learnt_is_part_of_its_state()
    {
        var options = new ClippedFlowOptions { Target = new FlatTargetOptions() };
        var (objective, restored) = ((IStatefulObjective)options.Create(), (IStatefulObjective)options.Create());
        CreditInput[] group = [Response(1, 0.4f) with { Solution = "a", Problem = "one" }, Response(0, -1f) with { Problem = "one" }];
        objective.AssignCredit(group);
        restored.Restore(objective.Save());
        CreditInput[] next = [Response(1, 3f) with { Solution = "b", Problem = "one" }, Response(0, -1f) with { Problem = "one" }];
        Assert.Equal(objective.AssignCredit(next).Credits[0].TokenAdvantages, restored.AssignCredit(next).Credits[0].TokenAdvantages);
        Assert.NotEqual(objective.AssignCredit(next).Credits[0].TokenAdvantages, options.Create().AssignCredit(next).Credits[0].TokenAdvantages);
    }

    [Fact]
    public void Settings_that_make_no_sense_are_refused() => Assert.Equal(
        [
            "kl: the pull to the reference is beta's part here; leave kl out.",
            "pull: right_answers leaves wrong ones without a target, and tempered gives them one; set pull: all.",
        ],
        new ClippedFlowOptions { Kl = new KlOptions { Coefficient = 1 }, Pull = FlowPull.RightAnswers, Target = new TemperedTargetOptions() }.Validate());

    /// <summary>Log-probabilities −1 under the policy, and so much less under the reference.</summary>
    private static CreditInput Response(double reward, params float[] logRatios) => new(
        0, reward, IsTruncated: false, [.. logRatios.Select(_ => -1f)], [.. logRatios.Select(ratio => -1 - ratio)], new float[logRatios.Length]);
}
