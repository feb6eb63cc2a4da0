using CsCheck;
using FlowRL.Evaluation;
using FlowRL.Tasks;

namespace FlowRL.Tests.Evaluation;

public sealed class TargetDistributionTests
{
    private static readonly Gen<(double[] LogReference, int[] Lengths, double[] Rewards, double Beta)> Cases =
        Gen.Select(Gen.Int[2, 40].SelectMany(n => Gen.Select(Gen.Double[0.01, 1].Array[n], Gen.Int[1, 8].Array[n], Gen.Double[-1, 1].Array[n])), Gen.Double[0, 15])
            .Select((parts, beta) => (parts.Item1.Select(p => Math.Log(p / parts.Item1.Sum())).ToArray(), parts.Item2, parts.Item3, beta));

    // π_ref = (1/2, 1/2), rewards (ln 3, 0), β = 1: Z = 3/2 + 1/2 = 2, p* = (3/4, 1/4).
    [Fact]
    public void Two_responses_by_hand()
    {
        var target = TargetDistribution.Exact([Math.Log(0.5), Math.Log(0.5)], [Math.Log(3), 0], 1);
        Assert.Equal(Math.Log(2), target.LogZ, 1e-12);
        Assert.Equal([0.75, 0.25], target.LogProbs.Select(log => Math.Round(Math.Exp(log), 12)));
    }

    [Fact]
    public void The_exact_target_has_residual_zero_and_sums_to_one() => Cases.Sample(x =>
    {
        var target = TargetDistribution.Exact(x.LogReference, x.Rewards, x.Beta);
        Assert.Equal(1, target.LogProbs.Sum(Math.Exp), 1e-9);
        Assert.Equal(Math.Log(x.LogReference.Zip(x.Rewards, (log, r) => Math.Exp(log + x.Beta * r)).Sum()), target.LogZ, 1e-9);
        for (var i = 0; i < x.Rewards.Length; i++)
            Assert.Equal(0, target.LogZ + target.LogProbs[i] - x.Beta * x.Rewards[i] - x.LogReference[i], 1e-9);
    });

    [Fact]
    public void The_tilted_target_has_normalised_residual_zero_and_sums_to_one() => Cases.Sample(x =>
    {
        var target = TargetDistribution.Tilted(x.LogReference, x.Lengths, x.Rewards, x.Beta);
        Assert.Equal(1, target.LogProbs.Sum(Math.Exp), 1e-9);
        for (var i = 0; i < x.Rewards.Length; i++)
            Assert.Equal(0, target.LogZ + (target.LogProbs[i] - x.LogReference[i]) / x.Lengths[i] - x.Beta * x.Rewards[i], 1e-9);
    });

    // With equal lengths T the tilt is π_ref·exp(T·β·r), and log Z is that target's divided by T.
    [Fact]
    public void With_equal_lengths_the_tilt_is_a_larger_beta() => Cases.Sample(x =>
    {
        var tilted = TargetDistribution.Tilted(x.LogReference, [.. x.Lengths.Select(_ => 3)], x.Rewards, x.Beta);
        var exact = TargetDistribution.Exact(x.LogReference, x.Rewards, 3 * x.Beta);
        Assert.Equal(exact.LogZ / 3, tilted.LogZ, 1e-9);
        Assert.All(tilted.LogProbs.Zip(exact.LogProbs), pair => Assert.Equal(pair.Second, pair.First, 1e-8));
    });

    [Fact]
    public void Distances_by_hand()
    {
        var target = TargetDistribution.Exact([Math.Log(0.5), Math.Log(0.5)], [Math.Log(3), 0], 1);
        var (mode, wrong) = (new Verdict(new Reward.Score(Math.Log(3)), null, "mode"), new Verdict(new Reward.Score(0), null, null));
        var distance = ExactDistance.Of([Math.Log(0.25), Math.Log(0.75)], target, [Math.Log(3), 0], [mode, wrong]);
        Assert.Equal(0.25 * Math.Log(1 / 3.0) + 0.75 * Math.Log(3), distance.Kl, 1e-12);
        Assert.Equal(0.75 * Math.Log(3) + 0.25 * Math.Log(1 / 3.0), distance.ForwardKl, 1e-12);
        Assert.Equal(0.5, distance.TotalVariation, 1e-12);
        Assert.Equal((0, 0.25), (distance.Modes, Math.Round(distance.Accuracy, 12))); // 1/4 is less than half of 3/4
        Assert.Equal(0.25 * Math.Log(3), distance.Reward, 1e-12);
        Assert.Equal(0.25 * Math.Log(4) + 0.75 * Math.Log(4 / 3.0), distance.Entropy, 1e-12);
        // A right response whose solution is not known is accurate, and no mode.
        var unknown = ExactDistance.Of([Math.Log(0.25), Math.Log(0.75)], target, [Math.Log(3), 0], [mode with { Solution = null, IsCorrect = true }, wrong]);
        Assert.Equal(distance with { Modes = 0 }, unknown);
    }
}
