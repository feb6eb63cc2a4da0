using CsCheck;
using FlowRL.Objectives;
using FlowRL.Objectives.DistributionMatching;
using static TorchSharp.torch;

namespace FlowRL.Tests.Objectives.DistributionMatching;

/// <summary>The GFlowNet objectives. f_i = β·r_i − log π_θ(y_i)/π_ref(y_i) in the comments.</summary>
public sealed class VarGradTests
{
    private static readonly Gen<(ulong Seed, int Tokens, double Beta)> Cases = Gen.Select(Gen.ULong, Gen.Int[1, 4], Gen.Double[0, 5]);

    // β = 2, one token each. log π −1 −2 −0.5, log π_ref −1.5 −1 −1, r 1 0 0.5: f = 2 − 0.5, 0 + 1, 1 − 0.5 = 1.5, 1, 0.5.
    // log Ẑ = 1, loss (0.25 + 0 + 0.25)/3; ∂/∂log π_i = 2·(log Ẑ − f_i)/3 = −1/3, 0, 1/3.
    private static readonly TokenBatch Golden = new(
        [[-1], [-2], [-0.5]], [[-1], [-2], [-0.5]], [[-1.5], [-1], [-1]], [[1], [1], [1]], [9, 9, 9], [1, 0, 0.5]);

    [Fact]
    public void VarGrad_has_its_golden_loss_and_gradient()
    {
        var evaluation = Golden.Evaluate(new VarGradOptions { Beta = 2 }.Create());
        Assert.Equal(0.5 / 3, evaluation.Loss, 1e-12);
        Assert.Equal(1, evaluation.Metrics["log_z"], 1e-12);
        Assert.All(new[] { -1.0 / 3, 0, 1.0 / 3 }.Zip(evaluation.PolicyGradient), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        Assert.Equal(ObjectiveNeeds.Reference | ObjectiveNeeds.WholeGroups, new VarGradOptions().Create().Needs);
    }

    // With log Z = 9 for all: δ = 9 − f, loss (7.5² + 8² + 8.5²)/3, gradient 2δ/3 for policy and log Z.
    [Fact]
    public void Trajectory_balance_has_its_golden_loss_and_gradient()
    {
        var evaluation = Golden.Evaluate(new TrajectoryBalanceOptions { Beta = 2 }.Create());
        Assert.Equal((56.25 + 64 + 72.25) / 3, evaluation.Loss, 1e-12);
        Assert.All(new[] { 5, 16.0 / 3, 17.0 / 3 }.Zip(evaluation.LogZGradient), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        Assert.Equal(evaluation.LogZGradient, evaluation.PolicyGradient);
    }

    [Fact]
    public void The_loss_is_the_groups_population_variance() => Cases.Sample(c =>
    {
        var batch = NotEmpty(c.Seed, 5, c.Tokens) with { Groups = [0, 0, 1, 1, 1] };
        var gains = Gains(batch, c.Beta);
        static double Variance(double[] values) => values.Sum(v => Math.Pow(v - values.Average(), 2)) / values.Length;
        var expected = (2 * Variance(gains[..2]) + 3 * Variance(gains[2..])) / 5;
        Assert.Equal(expected, batch.Evaluate(new VarGradOptions { Beta = c.Beta }.Create()).Loss, 1e-9 * Math.Max(1, expected));
    }, iter: 60, threads: 1);

    [Fact]
    public void The_gradient_is_the_same_with_the_gradient_of_the_mean() => Cases.Sample(c =>
    {
        using var scope = NewDisposeScope();
        var batch = NotEmpty(c.Seed, 4, c.Tokens) with { Groups = [3, 3, 3, 3] };
        Tensor Matrix(double[][] rows) => tensor(rows.SelectMany(row => row).ToArray(), [4, c.Tokens]);
        var policy = Matrix(batch.Policy).requires_grad_(true);
        var gain = c.Beta * tensor(batch.Scores) - ((policy - Matrix(batch.Reference)) * Matrix(batch.Mask)).sum(-1);
        (gain.mean() - gain).square().mean().backward();
        var gradient = batch.Evaluate(new VarGradOptions { Beta = c.Beta }.Create()).PolicyGradient;
        Assert.All(policy.grad!.data<double>().Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }, iter: 60, threads: 1);

    [Fact]
    public void A_shift_of_all_rewards_in_a_group_changes_nothing() => Gen.Select(Cases, Gen.Double[-50, 50]).Sample((c, shift) =>
    {
        var batch = TokenBatch.Random(c.Seed, 4, c.Tokens, drift: 0.5);
        var objective = new VarGradOptions { Beta = c.Beta }.Create();
        var (plain, shifted) = (batch.Evaluate(objective), (batch with
        {
            Scores = [.. batch.Scores.Select((score, b) => batch.Groups[b] == 0 ? score + shift : score)],
        }).Evaluate(objective));
        Assert.Equal(plain.Loss, shifted.Loss, 1e-8 * Math.Max(1, plain.Loss));
        Assert.All(plain.PolicyGradient.Zip(shifted.PolicyGradient), pair => Assert.Equal(pair.First, pair.Second, 1e-8));
    }, iter: 60, threads: 1);

    [Fact]
    public void Groups_do_not_see_each_other() => Cases.Sample(c =>
    {
        var batch = TokenBatch.Random(c.Seed, 4, c.Tokens, drift: 0.5);
        var objective = new VarGradOptions { Beta = c.Beta }.Create();
        var moved = batch with { Scores = [batch.Scores[0], batch.Scores[1], batch.Scores[2] + 3, batch.Scores[3] - 5] };
        var half = 2 * c.Tokens;
        Assert.Equal(batch.Evaluate(objective).PolicyGradient[..half], moved.Evaluate(objective).PolicyGradient[..half]);
    }, iter: 40, threads: 1);

    // Ratios of 3 and 1/3 with a cap of 2: w = 2 and 1/3, log Ẑ = (2·f_1 + f_2/3)/(7/3).
    [Fact]
    public void With_importance_weights_the_mean_is_the_weighted_one()
    {
        var batch = new TokenBatch([[-1], [-2]], [[-1 - Math.Log(3)], [-2 + Math.Log(3)]], [[-1], [-2]], [[1], [1]], [0, 0], [1, 0]);
        var evaluation = batch.Evaluate(new VarGradOptions { Beta = 1, ImportanceWeight = true, WeightCap = 2 }.Create());
        var mean = 2 / (7.0 / 3);
        Assert.Equal(mean, evaluation.Metrics["log_z"], 1e-12);
        Assert.Equal((2 * Math.Pow(mean - 1, 2) + mean * mean / 3) / 2, evaluation.Loss, 1e-12);
    }

    [Fact]
    public void Trajectory_balance_is_FlowRL_with_its_switches_off() => Cases.Sample(c =>
    {
        var batch = TokenBatch.Random(c.Seed, 4, c.Tokens, drift: 0.5);
        var flow = new FlowRLOptions { Beta = c.Beta, LengthNormalised = false, RewardNormalised = false, ImportanceWeight = false };
        var (first, second) = (batch.Evaluate(flow.Create()), batch.Evaluate(new TrajectoryBalanceOptions { Beta = c.Beta }.Create()));
        Assert.Equal(first.Loss, second.Loss);
        Assert.Equal(first.PolicyGradient, second.PolicyGradient);
    }, iter: 20, threads: 1);

    [Theory]
    [InlineData(0, 1.5)]
    [InlineData(0.3, 8.25)]
    [InlineData(0.9, 15)]
    public void Every_matching_objective_follows_the_schedule(double progress, double beta)
    {
        DistributionMatchingOptions[] all = [new FlowRLOptions(), new TrajectoryBalanceOptions(), new VarGradOptions()];
        Assert.All(all, options => Assert.Equal(beta,
            Golden.Evaluate((options with { BetaSchedule = BetaScheduleKind.Linear }).Create(), progress: progress).Metrics["beta"], 1e-12));
    }

    [Fact]
    public void Keys_without_effect_are_refused_with_the_objectives_own_defaults()
    {
        Assert.Equal("weight_cap: has no effect with importance_weight: false; remove it, or set importance_weight: true.",
            Assert.Single(new VarGradOptions { WeightCap = 2 }.Validate()));
        Assert.Empty(new TrajectoryBalanceOptions { ImportanceWeight = true, WeightCap = 2 }.Validate());
        Assert.Equal(10, new TrajectoryBalanceOptions().Create().Partition.LearningRateFactor);
    }

    private static TokenBatch NotEmpty(ulong seed, int responses, int tokens)
    {
        var batch = TokenBatch.Random(seed, responses, tokens, drift: 0.5);
        return batch with { Mask = [.. batch.Mask.Select(row => row.Select((m, t) => t == 0 ? 1 : m).ToArray())] };
    }

    private static double[] Gains(TokenBatch batch, double beta) => [.. batch.Scores.Select((score, b) =>
        beta * score - batch.Mask[b].Select((m, t) => m * (batch.Policy[b][t] - batch.Reference[b][t])).Sum())];
}
