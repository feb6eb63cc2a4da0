using CsCheck;
using FlowRL.Objectives;
using FlowRL.Objectives.PolicyGradient;

namespace FlowRL.Tests.Objectives.PolicyGradient;

/// <summary>The shared parts of policy gradients: surrogate, aggregation, KL, entropy, correction. One term at a time, by hand.</summary>
public sealed class PolicyGradientTests
{
    // Ratios 1.5, 0.5, 1.5, 0.5, 1.1 with advantages 1, 1, −1, −1, 2; bounds 0.8 and 1.28:
    // surrogate min(1.5, 1.28) = 1.28, 0.5, min(−1.5, −1.28) = −1.5, min(−0.5, −0.8) = −0.8, 2.2. Mean 1.68/5.
    // Gradients −ρA where the free side wins: 0, −0.5, 1.5, 0, −2.2, each by 5.
    [Fact]
    public void The_surrogate_takes_the_worse_of_the_free_and_the_clipped_side()
    {
        var evaluation = Batch([1.5, 0.5, 1.5, 0.5, 1.1], [1, 1, -1, -1, 2]).Evaluate(new DapoOptions().Create());
        Assert.Equal(-1.68 / 5, evaluation.Loss, 1e-12);
        AssertAllClose([0, -0.1, 0.3, 0, -0.44], evaluation.PolicyGradient);
        Assert.Equal(0.4, evaluation.Metrics["clip_share"], 1e-12);
    }

    // With dual clip 3, a ratio of 5 and A = −1 costs 3 instead of 5, without gradient; a positive advantage is not touched.
    [Fact]
    public void The_dual_clip_bounds_the_cost_of_negative_advantages()
    {
        var evaluation = Batch([5, 5], [-1, 1]).Evaluate(new DapoOptions { DualClip = 3 }.Create());
        Assert.Equal((3 - 1.28) / 2, evaluation.Loss, 1e-12);
        AssertAllClose([0, 0], evaluation.PolicyGradient);
    }

    // Responses of 1 and 3 tokens with costs −2 and −1, −1, −4: sum −8. Token mean −8/4, sequence mean (−2 − 2)/2, constant −8/(2·8).
    [Theory]
    [InlineData(LossAggregation.TokenMean, -2)]
    [InlineData(LossAggregation.SequenceMean, -2)]
    [InlineData(LossAggregation.Constant, -0.5)]
    public void Costs_are_aggregated_as_asked(LossAggregation aggregation, double loss)
    {
        var batch = new TokenBatch([[-1, 0, 0], [-1, -1, -1]], [[-1, 0, 0], [-1, -1, -1]], [[0, 0, 0], [0, 0, 0]], [[1, 0, 0], [1, 1, 1]], [0, 0], [0, 0])
        {
            Advantages = [[2, 0, 0], [1, 1, 4]],
        };
        var evaluation = batch.Evaluate(new DapoOptions { Aggregation = aggregation }.Create());
        Assert.Equal(loss, evaluation.Loss, 1e-12);
        double first = aggregation switch { LossAggregation.TokenMean => -2 / 4.0, LossAggregation.SequenceMean => -2 / 2.0, _ => -2 / 16.0 };
        double last = aggregation switch { LossAggregation.TokenMean => -4 / 4.0, LossAggregation.SequenceMean => -4 / 6.0, _ => -4 / 16.0 };
        Assert.Equal(first, evaluation.PolicyGradient[0], 1e-12);
        Assert.Equal(last, evaluation.PolicyGradient[5], 1e-12);
    }

    // ℓ = log π_θ − log π_ref = 0.5 with coefficient 2: k1 0.5 and slope 1; k2 0.125 and slope ℓ; k3 e^−0.5 − 0.5 and slope 1 − e^−0.5.
    [Theory]
    [InlineData(KlEstimator.K1, 0.5, 1)]
    [InlineData(KlEstimator.K2, 0.125, 0.5)]
    [InlineData(KlEstimator.K3, 0.10653065971263342, 0.3934693402873666)]
    public void The_KL_loss_is_its_estimator(KlEstimator estimator, double value, double slope)
    {
        var options = new GrpoOptions { Kl = new KlOptions { Coefficient = 2, Estimator = estimator } };
        var evaluation = new TokenBatch([[-1]], [[-1]], [[-1.5]], [[1]], [0], [0]).Evaluate(options.Create());
        Assert.Equal(2 * value, evaluation.Loss, 1e-12);
        Assert.Equal(2 * slope, evaluation.PolicyGradient[0], 1e-12);
        Assert.Equal(value, evaluation.Metrics["kl_reference"], 1e-12);
        Assert.Equal(value, KlPenalty.Of(estimator, 0.5), 1e-12);
    }

    [Fact]
    public void Every_estimator_of_a_divergence_is_zero_at_the_reference_and_k2_and_k3_nowhere_negative() =>
        Gen.Select(Gen.Enum<KlEstimator>(), Gen.Double[-5, 5]).Sample((estimator, logRatio) =>
        {
            Assert.Equal(0, KlPenalty.Of(estimator, 0));
            if (estimator != KlEstimator.K1) Assert.True(KlPenalty.Of(estimator, logRatio) >= -1e-15);
        });

    // KL(p ‖ q) of p = (0.5, 0.3, 0.2) and q = (0.2, 0.5, 0.3) is 0.5·ln 2.5 + 0.3·ln 0.6 + 0.2·ln(2/3).
    [Theory]
    [InlineData(KlEstimator.K1)]
    [InlineData(KlEstimator.K3)]
    public void K1_and_k3_are_unbiased(KlEstimator estimator)
    {
        double[] p = [0.5, 0.3, 0.2], q = [0.2, 0.5, 0.3];
        var expected = p.Zip(q, (a, b) => a * KlPenalty.Of(estimator, Math.Log(a / b))).Sum();
        Assert.Equal(0.5 * Math.Log(2.5) + 0.3 * Math.Log(0.6) + 0.2 * Math.Log(2.0 / 3), expected, 1e-12);
    }

    [Fact]
    public void GRPO_with_equal_rewards_has_no_policy_term() => Gen.Select(Gen.ULong, Gen.Double[-3, 3]).Sample((seed, reward) =>
    {
        var options = new GrpoOptions { Kl = new KlOptions() };
        CreditInput[] group = ObjectiveVariants.Responses(0, reward, reward, reward, reward);
        var batch = TokenBatch.Random(seed, 4, 3, drift: 0.6) with
        {
            Advantages = [.. options.Create().AssignCredit(group).Credits.Select(credit => Array.ConvertAll(credit.TokenAdvantages, a => (double)a))],
        };
        Assert.All(batch.Evaluate(options.Create()).PolicyGradient, g => Assert.Equal(0, g));
    }, iter: 40, threads: 1);

    [Fact]
    public void KL_in_the_reward_is_no_term_of_the_loss()
    {
        var options = new GrpoOptions { Kl = new KlOptions { Coefficient = 2, Placement = KlPlacement.Reward } };
        Assert.Equal(0, new TokenBatch([[-1]], [[-1]], [[-1.5]], [[1]], [0], [0]).Evaluate(options.Create()).Loss);
    }

    [Fact]
    public void The_entropy_bonus_is_subtracted_from_the_loss()
    {
        var batch = new TokenBatch([[-1, -1]], [[-1, -1]], [[0, 0]], [[1, 1]], [0], [0]) { Entropy = [[2, 4]] };
        var evaluation = batch.Evaluate(new DapoOptions { EntropyBonus = 0.1 }.Create());
        Assert.Equal(-0.3, evaluation.Loss, 1e-12);
        AssertAllClose([-0.05, -0.05], evaluation.EntropyGradient);
    }

    // Three responses, ratios start to sampler: (4, 1/2), (1.2, 1.2), (1/16, 4). Cap 2.
    // Token: 2, 0.5, 1.2, 1.2, 0.0625, 2. Sequence: 2 (of 2), 1.44, 0.25. Surrogates are A = 1 each, so the loss is −mean of the weights.
    // Geometric means √2, 1.2, 1/2: an outlier ratio of 1.5 leaves out the last. A veto of 0.1 leaves out the last as well.
    [Theory]
    [InlineData(CorrectionLevel.Token, 0, 0, 2 + 0.5 + 1.2 + 1.2 + 0.0625 + 2, 0)]
    [InlineData(CorrectionLevel.Sequence, 0, 0, 2 * (2 + 1.44 + 0.25), 0)]
    [InlineData(CorrectionLevel.None, 1.5, 0, 4, 1.0 / 3)]
    [InlineData(CorrectionLevel.Token, 0, 0.1, 2 + 0.5 + 1.2 + 1.2, 1.0 / 3)]
    public void The_correction_truncates_weights_and_leaves_outliers_out(CorrectionLevel level, double outlier, double veto, double sum, double leftOut)
    {
        double[] ratios = [4, 0.5, 1.2, 1.2, 1.0 / 16, 4];
        double[][] minusOne = [[-1, -1], [-1, -1], [-1, -1]];
        var batch = new TokenBatch(minusOne, minusOne, minusOne, [[1, 1], [1, 1], [1, 1]], [0, 0, 0], [1, 1, 1])
        {
            Sampler = [.. ratios.Select(r => -1 - Math.Log(r)).Chunk(2)],
        };
        var options = new DapoOptions { Correction = new CorrectionOptions { Level = level, OutlierRatio = outlier, TokenVeto = veto } };
        var evaluation = batch.Evaluate(options.Create());
        Assert.Equal(-sum / 6, evaluation.Loss, 1e-12);
        Assert.Equal(leftOut, evaluation.Metrics["left_out"], 1e-12);
    }

    [Fact]
    public void At_ratio_one_every_surrogate_has_the_policy_gradient() =>
        Gen.Select(Gen.ULong, Gen.OneOf(ObjectiveVariants.PolicyGradients)).Sample((seed, options) =>
        {
            var off = options with { Kl = new KlOptions(), EntropyBonus = 0, Correction = new CorrectionOptions(), Aggregation = LossAggregation.Constant };
            var random = TokenBatch.Random(seed, 3, 4, drift: 0);
            // GSPO's ratio is the response's: with one advantage a response it is that policy gradient, by 1/|y|.
            var batch = random with { Advantages = [.. random.Scores.Select((score, b) => random.Mask[b].Select(m => m * score).ToArray())] };
            var gradient = batch.Evaluate(off.Create()).PolicyGradient;
            AssertAllClose([.. batch.Advantages.SelectMany(row => row.Select(a => -a / (3 * 8)))], gradient);
        }, iter: 60, threads: 1);

    // GSPO: two tokens, log ratios 0.5 and −0.3, mean 0.1, s = e^0.1; A = 2 within bounds of 0.2: loss −2·e^0.1, each token −e^0.1.
    // Bounds of 0.05 clip it at 1.05, without gradient.
    [Fact]
    public void GSPO_has_one_ratio_a_response()
    {
        var batch = new TokenBatch([[-0.5, -1.3]], [[-1, -1]], [[0, 0]], [[1, 1]], [0], [2]);
        var free = batch.Evaluate(new GspoOptions { EpsilonLow = 0.2, EpsilonHigh = 0.2 }.Create());
        Assert.Equal(-2 * Math.Exp(0.1), free.Loss, 1e-12);
        AssertAllClose([-Math.Exp(0.1), -Math.Exp(0.1)], free.PolicyGradient);
        var clipped = batch.Evaluate(new GspoOptions { EpsilonLow = 0.05, EpsilonHigh = 0.05 }.Create());
        Assert.Equal(-2.1, clipped.Loss, 1e-12);
        AssertAllClose([0, 0], clipped.PolicyGradient);
    }

    // Two tokens, A 0.5 and −2, ratio 1. Values 0.4 and 1 from 0.5 and 0.5, returns 1 and 2, clip 0.2, weight 1 (½·max):
    // token 1: max(0.36, 0.36) inside the clip; token 2: V_clip = 0.7, max(1, 1.69) = 1.69, without gradient.
    [Fact]
    public void PPO_trains_policy_and_critic()
    {
        var batch = new TokenBatch([[-1, -1]], [[-1, -1]], [[0, 0]], [[1, 1]], [0], [0])
        {
            Advantages = [[0.5, -2]],
            Values = [[0.4, 1]],
            OldValues = [[0.5, 0.5]],
            Returns = [[1, 2]],
        };
        var evaluation = batch.Evaluate(new PpoOptions { ValueCoefficient = 1 }.Create());
        Assert.Equal((-0.5 + 2 + 0.5 * (0.36 + 1.69)) / 2, evaluation.Loss, 1e-12);
        AssertAllClose([-0.25, 1], evaluation.PolicyGradient);
        AssertAllClose([-0.3, 0], evaluation.ValueGradient);
        Assert.Equal(0.5, evaluation.Metrics["value_clip_share"], 1e-12);
    }

    private static TokenBatch Batch(double[] ratios, double[] advantages)
    {
        double[][] Row(IEnumerable<double> values) => [[.. values]];
        return new TokenBatch(Row(ratios.Select(r => -2 + Math.Log(r))), Row(ratios.Select(_ => -2.0)), Row(ratios.Select(_ => 0.0)),
            Row(ratios.Select(_ => 1.0)), [0], [0])
        { Advantages = Row(advantages) };
    }

    private static void AssertAllClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }
}
