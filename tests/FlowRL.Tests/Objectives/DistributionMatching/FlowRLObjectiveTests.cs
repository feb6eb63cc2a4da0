using CsCheck;
using FlowRL.Objectives.DistributionMatching;
using TorchSharp;

namespace FlowRL.Tests.Objectives.DistributionMatching;

public sealed class FlowRLObjectiveTests
{
    private static readonly FlowRLOptions[] Variants =
    [
        .. from preset in Enum.GetValues<FlowRLPreset>()
           from length in new bool?[] { null, false }
           from weight in new FlowRLOptions[]
           {
               new(),
               new() { ImportanceWeight = false },
               new() { WeightLevel = WeightLevel.GeometricMean },
               new() { WeightClip = WeightClip.TwoSided, EpsilonLow = 0.1, EpsilonHigh = 0.28 },
               new() { WeightClip = WeightClip.UpperBound, WeightCap = 2 },
               new() { WeightClip = WeightClip.None, WeightLevel = WeightLevel.Sequence },
           }
           from kind in Enum.GetValues<ResidualKind>()
           let scale = kind == ResidualKind.Squared ? (double?)null : 5
           select weight with
           {
               Preset = preset,
               LengthNormalised = length,
               ResidualLoss = kind,
               ResidualScale = scale,
               Beta = 3,
               BetaSchedule = BetaScheduleKind.Constant,
           },
    ];

    private static readonly Gen<(ulong Seed, int Responses, int Tokens, FlowRLOptions Options)> Cases =
        Gen.Select(Gen.ULong, Gen.Int[1, 4], Gen.Int[1, 5], Gen.OneOf(Variants));

    [Fact]
    public void Loss_and_gradients_equal_the_scalar_evaluation_and_its_central_differences() =>
        Cases.Sample(c =>
        {
            var batch = TokenBatch.Random(c.Seed, c.Responses, c.Tokens, drift: 0.6);
            var actual = batch.Evaluate(c.Options.Create());
            var expected = ScalarFlowRL.Loss(c.Options, batch, batch);
            AssertClose(expected, actual.Loss, 1e-11);

            const double step = 1e-6;
            double Difference(int i, Func<double, TokenBatch> moved) =>
                (ScalarFlowRL.Response(c.Options, moved(step), batch, i) - ScalarFlowRL.Response(c.Options, moved(-step), batch, i))
                / (2 * step * batch.Responses);
            for (var i = 0; i < batch.Responses; i++)
            {
                AssertClose(Difference(i, h => batch with { LogZ = Moved(batch.LogZ, i, h) }), actual.LogZGradient[i], 1e-6);
                for (var t = 0; t < c.Tokens; t++)
                {
                    TokenBatch Shifted(double h) =>
                        batch with { Policy = [.. batch.Policy.Select((row, b) => b == i ? Moved(row, t, h) : row)] };
                    AssertClose(Difference(i, Shifted), actual.PolicyGradient[i * c.Tokens + t], 1e-6);
                }
            }
            Assert.Empty(actual.FrozenGradient);
        }, iter: 150, threads: 1);

    // Response A: two tokens, log π_θ −0.5 −0.5, log π_old −2 −1.5, log π_ref −1 −0.6, log Z 0.1, r̂ 0.7, so
    //   δ = 0.1 − 0.5 − 15·0.7 + 0.8 = −10.1, δ² = 102.01, log ratio 1.5 + 1 = 2.5, ratio 12.182493960703473.
    // Response B: one token, log π_θ −1, log π_old −0.5, log π_ref −0.7, log Z −0.2, r̂ −0.7, so
    //   δ = −0.2 − 1 + 10.5 + 0.7 = 10, δ² = 100, log ratio −0.5, ratio 0.6065306597126334.
    // paper:        (1.2·102.01 + 0.8·100)/2 = 101.206
    // authors_code: (12.182493960703473·102.01 + 0.6065306597126334·100)/2 = 651.6946374513123
    // verl_port:    (10·102.01 + 0.6065306597126334·100)/2 = 540.3765329856317
    private static readonly TokenBatch Golden = new(
        [[-0.5, -0.5], [-1, 0]], [[-2, -1.5], [-0.5, 0]], [[-1, -0.6], [-0.7, 0]], [[1, 1], [1, 0]], [0.1, -0.2], [0.7, -0.7]);

    [Theory]
    [InlineData(FlowRLPreset.Paper, 101.206, 1)]
    [InlineData(FlowRLPreset.AuthorsCode, 651.6946374513123, 0)]
    [InlineData(FlowRLPreset.VerlPort, 540.3765329856317, 0.5)]
    public void Each_preset_has_its_golden_loss(FlowRLPreset preset, double loss, double clipShare)
    {
        var objective = new FlowRLOptions { Preset = preset }.Create();
        var evaluation = Golden.Evaluate(objective);
        Assert.Equal(loss, evaluation.Loss, 1e-9);
        Assert.Equal(clipShare, evaluation.Metrics["clip_share"]);
        Assert.Equal(loss, Golden.Evaluate(objective, torch.ScalarType.Float32).Loss, loss * 1e-6);
    }

    // With A and B above: ∂L/∂log Z = w·2δ/2 = 1.2·(−10.1) and 0.8·10; each token of A has half of it (1/|y|).
    [Fact]
    public void The_paper_preset_has_its_golden_gradient()
    {
        var evaluation = Golden.Evaluate(new FlowRLOptions().Create());
        AssertAllClose([-12.12, 8], evaluation.LogZGradient);
        AssertAllClose([-6.06, -6.06, 8, 0], evaluation.PolicyGradient);
    }

    // Sums instead of means, raw: δ_A = 0.1 − 1 − 10.5 + 1.6 = −9.8, and B has one token, so (1.2·96.04 + 0.8·100)/2 = 97.624.
    [Fact]
    public void Without_length_normalisation_log_probabilities_are_sums() =>
        Assert.Equal(97.624, Golden.Evaluate(new FlowRLOptions { LengthNormalised = false }.Create()).Loss, 1e-9);

    [Fact]
    public void Every_term_has_a_metric()
    {
        var metrics = Golden.Evaluate(new FlowRLOptions().Create()).Metrics;
        var expected = new Dictionary<string, double>
        {
            ["log_z"] = -0.05,
            ["residual"] = -0.05,
            ["residual_abs"] = 10.05,
            ["weight"] = 1,
            ["weight_min"] = 0.8,
            ["weight_max"] = 1.2,
            ["clip_share"] = 1,
            ["policy_log_prob"] = -0.75,
            ["reference_log_prob"] = -0.75,
            ["kl_reference"] = 0,
            ["score"] = 0,
            ["beta"] = 15,
        };
        Assert.Equal(expected.Keys.Order(), metrics.Keys.Order());
        Assert.All(expected, pair => Assert.Equal(pair.Value, metrics[pair.Key], 1e-12));
    }

    [Fact]
    public void Masked_positions_change_nothing_even_if_they_hold_NaN() =>
        Gen.Select(Cases, Gen.OneOf(0, 17.5, double.NaN)).Sample((c, filler) =>
        {
            var batch = TokenBatch.Random(c.Seed, c.Responses, c.Tokens, drift: 0.6);
            var objective = c.Options.Create();
            var (plain, padded) = (batch.Evaluate(objective), batch.Padded(3, filler).Evaluate(objective));
            AssertClose(plain.Loss, padded.Loss, 1e-12);
            AssertAllClose(plain.LogZGradient, padded.LogZGradient);
            var rows = padded.PolicyGradient.Chunk(c.Tokens + 3).ToArray();
            AssertAllClose(plain.PolicyGradient, [.. rows.SelectMany(row => row[..c.Tokens])]);
            Assert.All(rows.SelectMany(row => row[c.Tokens..]), g => Assert.Equal(0, g));
            Assert.All(plain.Metrics, pair => AssertClose(pair.Value, padded.Metrics[pair.Key], 1e-12));
        }, iter: 40, threads: 1);

    [Fact]
    public void A_response_without_trained_tokens_contributes_nothing()
    {
        var withEmpty = new TokenBatch([.. Golden.Policy, [0, 0]], [.. Golden.Old, [0, 0]], [.. Golden.Reference, [0, 0]],
            [.. Golden.Mask, [0, 0]], [.. Golden.LogZ, 3], [.. Golden.Scores, 2]);
        var objective = new FlowRLOptions().Create();
        var (expected, actual) = (Golden.Evaluate(objective), withEmpty.Evaluate(objective, miniBatchResponses: 2));
        Assert.Equal(expected.Loss, actual.Loss, 1e-12);
        Assert.Equal(0, actual.LogZGradient[2]);
        Assert.All(expected.Metrics, pair => Assert.Equal(pair.Value, actual.Metrics[pair.Key], 1e-12));

        var onlyEmpty = withEmpty.Rows(2..).Evaluate(objective);
        Assert.Equal(0, onlyEmpty.Loss);
        Assert.All(onlyEmpty.PolicyGradient, g => Assert.Equal(0, g));
        Assert.All(onlyEmpty.Metrics.Values, value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Micro_batches_add_up_to_the_mini_batch() =>
        Gen.Select(Cases, Gen.Int[1, 3]).Sample((c, split) =>
        {
            var batch = TokenBatch.Random(c.Seed, 4, c.Tokens, drift: 0.6);
            var objective = c.Options.Create();
            var whole = batch.Evaluate(objective);
            var first = batch.Rows(..split).Evaluate(objective, miniBatchResponses: 4);
            var second = batch.Rows(split..).Evaluate(objective, miniBatchResponses: 4);
            AssertClose(whole.Loss, first.Loss + second.Loss, 1e-12);
            AssertAllClose(whole.PolicyGradient, [.. first.PolicyGradient, .. second.PolicyGradient]);
        }, iter: 30, threads: 1);

    [Theory]
    [InlineData(1000)]
    [InlineData(-1000)]
    public void Log_ratios_of_a_thousand_give_a_finite_loss_and_gradient(double logRatio)
    {
        var policy = Math.Min(logRatio, 0) / 2;
        var old = policy - logRatio / 2;
        var batch = new TokenBatch([[policy, policy]], [[old, old]], [[-1, -1]], [[1, 1]], [0], [1]);
        foreach (var options in Variants)
        {
            var evaluation = batch.Evaluate(options.Create(), torch.ScalarType.Float32);
            Assert.True(double.IsFinite(evaluation.Loss), $"{options}: {evaluation.Loss}");
            Assert.All(evaluation.PolicyGradient, g => Assert.True(double.IsFinite(g), $"{options}: {g}"));
        }
    }

    [Theory]
    [InlineData(BetaScheduleKind.Constant, 15, 15, 15, 15)]
    [InlineData(BetaScheduleKind.Linear, 1.5, 8.25, 15, 15)]
    [InlineData(BetaScheduleKind.Cosine, 1.5, 8.25, 15, 15)]
    public void Beta_follows_its_schedule(BetaScheduleKind kind, double start, double middle, double end, double last)
    {
        var objective = new FlowRLOptions { BetaSchedule = kind }.Create();
        var expected = new Dictionary<double, double> { [0] = start, [0.3] = middle, [0.6] = end, [0.99] = last };
        Assert.All(expected, pair => Assert.Equal(pair.Value, Golden.Evaluate(objective, progress: pair.Key).Metrics["beta"], 1e-9));
    }

    // A quarter of the way the cosine has done (1 − cos 45°)/2 = 0.14644660940672624 of it, the line 0.25.
    [Fact]
    public void The_cosine_schedule_starts_slower_than_the_line()
    {
        Assert.Equal(1.5 + 13.5 * 0.14644660940672624, new BetaSchedule(BetaScheduleKind.Cosine, 1.5, 15, 0.6).At(0.15), 1e-12);
        Assert.Equal(1.5 + 13.5 * 0.25, new BetaSchedule(BetaScheduleKind.Linear, 1.5, 15, 0.6).At(0.15), 1e-12);
    }

    [Fact]
    public void Evaluation_keeps_no_tensor_but_the_loss() =>
        Assert.All(Variants, options => Assert.Equal(1, Golden.Evaluate(options.Create()).Kept));

    private static double[] Moved(double[] values, int at, double by) => [.. values.Select((v, i) => i == at ? v + by : v)];

    private static void AssertClose(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"expected {expected}, got {actual}");

    private static void AssertAllClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (e, a) in expected.Zip(actual)) AssertClose(e, a, 1e-12);
    }
}
