using CsCheck;
using FlowRL.Configuration;
using FlowRL.Objectives;
using FlowRL.Objectives.DistributionMatching;
using FlowRL.Objectives.PolicyGradient;
using TorchSharp;
using static FlowRL.Tests.Objectives.ObjectiveVariants;

namespace FlowRL.Tests.Objectives;

/// <summary>What holds for every objective.</summary>
public sealed class ObjectiveLawTests
{
    private static readonly Gen<(ulong Seed, int Tokens, ObjectiveOptions Options)> Cases = Gen.Select(Gen.ULong, Gen.Int[1, 4], Gen.OneOf(All));

    [Fact]
    public void Every_objective_of_a_recipe_is_among_them() => Assert.Equal(
        OptionVariants.BuiltIn.Of(typeof(ObjectiveOptions)).Values.Select(type => type.Name).Order(),
        All.Select(options => options.GetType().Name).Distinct().Order());

    [Fact]
    public void Names_are_those_of_recipes() =>
        Assert.All(All, options => Assert.Equal(OptionVariants.Name(options.GetType()), options.Create().Name));

    [Fact]
    public void Gradients_equal_central_differences() => Gen.Select(Gen.ULong, Gen.Int[1, 4],
        // No gradient flows through CISPO's weight either.
        Gen.OneOf<ObjectiveOptions>([.. PolicyGradients.Where(options => options is not CispoOptions), .. Matching])).Sample((seed, tokens, options) =>
        {
            var batch = TokenBatch.Random(seed, 4, tokens, drift: 0.6);
            var objective = options.Create();
            var actual = batch.Evaluate(objective);
            const double step = 1e-6;
            double Difference(Func<double, TokenBatch> moved) =>
                (moved(step).Evaluate(objective).Loss - moved(-step).Evaluate(objective).Loss) / (2 * step);
            for (var i = 0; i < batch.Responses; i++)
            {
                if (actual.LogZGradient.Length > 0)
                {
                    AssertClose(Difference(h => batch with { LogZ = [.. batch.LogZ.Select((z, b) => b == i ? z + h : z)] }), actual.LogZGradient[i], 2e-6);
                }
                for (var t = 0; t < tokens; t++)
                {
                    double[][] Moved(double[][] rows, double h) =>
                        [.. rows.Select((row, b) => row.Select((value, s) => (b, s) == (i, t) ? value + h : value).ToArray())];
                    var at = i * tokens + t;
                    AssertClose(Difference(h => batch with { Policy = Moved(batch.Policy, h) }), actual.PolicyGradient[at], 2e-6);
                    if (actual.ValueGradient.Length > 0)
                        AssertClose(Difference(h => batch with { Values = Moved(batch.Values, h) }), actual.ValueGradient[at], 2e-6);
                    if (actual.EntropyGradient.Length > 0)
                        AssertClose(Difference(h => batch with { Entropy = Moved(batch.Entropy, h) }), actual.EntropyGradient[at], 2e-6);
                }
            }
        }, iter: 120, threads: 1);

    [Fact]
    public void Micro_batches_of_whole_groups_add_up_to_the_mini_batch() => Cases.Sample(c =>
    {
        var (batch, objective) = (TokenBatch.Random(c.Seed, 6, c.Tokens, drift: 0.6), c.Options.Create());
        var whole = batch.Evaluate(objective);
        var tokens = Math.Max(batch.Tokens, 1);
        var first = batch.Rows(..2).Evaluate(objective, miniBatchResponses: 6, miniBatchTokens: tokens);
        var second = batch.Rows(2..).Evaluate(objective, miniBatchResponses: 6, miniBatchTokens: tokens);
        AssertClose(whole.Loss, first.Loss + second.Loss, 1e-11);
        AssertAllClose(whole.PolicyGradient, [.. first.PolicyGradient, .. second.PolicyGradient]);
        AssertAllClose(whole.ValueGradient, [.. first.ValueGradient, .. second.ValueGradient]);
    }, iter: 100, threads: 1);

    [Fact]
    public void Objectives_without_whole_groups_may_be_cut_anywhere() => Cases.Where(c => !c.Options.Create().Needs.HasFlag(ObjectiveNeeds.WholeGroups))
        .Sample(c =>
        {
            var (batch, objective) = (TokenBatch.Random(c.Seed, 5, c.Tokens, drift: 0.6), c.Options.Create());
            var parts = Enumerable.Range(0, 5).Select(row =>
                batch.Rows(row).Evaluate(objective, miniBatchResponses: 5, miniBatchTokens: Math.Max(batch.Tokens, 1))).ToArray();
            var whole = batch.Evaluate(objective);
            AssertClose(whole.Loss, parts.Sum(part => part.Loss), 1e-11);
            AssertAllClose(whole.PolicyGradient, [.. parts.SelectMany(part => part.PolicyGradient)]);
        }, iter: 60, threads: 1);

    [Fact]
    public void The_order_of_responses_changes_nothing() => Cases.Sample(c =>
    {
        var (batch, objective) = (TokenBatch.Random(c.Seed, 5, c.Tokens, drift: 0.6), c.Options.Create());
        int[] order = [3, 0, 4, 2, 1];
        var (plain, shuffled) = (batch.Evaluate(objective), batch.Rows(order).Evaluate(objective));
        AssertClose(plain.Loss, shuffled.Loss, 1e-11);
        AssertAllClose([.. order.SelectMany(row => plain.PolicyGradient[(row * c.Tokens)..((row + 1) * c.Tokens)])], shuffled.PolicyGradient);
    }, iter: 60, threads: 1);

    [Fact]
    public void Masked_positions_change_nothing_even_if_they_hold_NaN() =>
        Gen.Select(Cases, Gen.OneOf(0, 17.5, double.NaN, double.NegativeInfinity)).Sample((c, filler) =>
        {
            var (batch, objective) = (TokenBatch.Random(c.Seed, 4, c.Tokens, drift: 0.6), c.Options.Create());
            var (plain, padded) = (batch.Evaluate(objective), batch.Padded(3, filler).Evaluate(objective));
            AssertClose(plain.Loss, padded.Loss, 1e-11);
            AssertRows(plain.PolicyGradient, padded.PolicyGradient, c.Tokens);
            AssertRows(plain.ValueGradient, padded.ValueGradient, c.Tokens);
            AssertRows(plain.EntropyGradient, padded.EntropyGradient, c.Tokens);
            Assert.All(plain.Metrics, pair => AssertClose(pair.Value, padded.Metrics[pair.Key], 1e-11));
        }, iter: 100, threads: 1);

    [Fact]
    public void Responses_without_a_trained_token_change_nothing() => Cases.Sample(c =>
    {
        var (batch, objective) = (TokenBatch.Random(c.Seed, 4, c.Tokens, drift: 0.6), c.Options.Create());
        var without = batch with { Mask = [.. batch.Mask.Select((row, b) => b == 1 ? new double[row.Length] : row)] };
        var other = without with
        {
            Scores = [.. batch.Scores.Select((score, b) => b == 1 ? 5 : score)],
            LogZ = [.. batch.LogZ.Select((z, b) => b == 1 ? -7 : z)],
            Policy = [.. batch.Policy.Select((row, b) => b == 1 ? [.. row.Select(_ => -9.0)] : row)],
            Advantages = [.. batch.Advantages.Select((row, b) => b == 1 ? [.. row.Select(_ => 4.0)] : row)],
        };
        var (first, second) = (without.Evaluate(objective), other.Evaluate(objective));
        AssertClose(first.Loss, second.Loss, 1e-11);
        AssertAllClose(first.PolicyGradient, second.PolicyGradient);
        Assert.All(first.PolicyGradient[c.Tokens..(2 * c.Tokens)], g => Assert.Equal(0, g));
        var empty = (batch with { Mask = [.. batch.Mask.Select(row => new double[row.Length])] }).Evaluate(objective, miniBatchTokens: 0);
        Assert.Equal(0, empty.Loss);
        Assert.All(empty.PolicyGradient, g => Assert.Equal(0, g));
        Assert.All(empty.Metrics.Values, value => Assert.True(double.IsFinite(value)));
    }, iter: 60, threads: 1);

    [Fact]
    public void Only_the_policy_log_Z_values_and_entropy_have_gradients() => Cases.Sample(c =>
    {
        var evaluation = TokenBatch.Random(c.Seed, 4, c.Tokens, drift: 0.6).Evaluate(c.Options.Create());
        Assert.All(evaluation.FrozenGradient, g => Assert.Equal(0, g));
        var needs = c.Options.Create().Needs;
        if (!needs.HasFlag(ObjectiveNeeds.LogPartition)) Assert.All(evaluation.LogZGradient, g => Assert.Equal(0, g));
        if (!needs.HasFlag(ObjectiveNeeds.Values)) Assert.Empty(evaluation.ValueGradient);
        if (!needs.HasFlag(ObjectiveNeeds.EntropyGradient)) Assert.Empty(evaluation.EntropyGradient);
    }, iter: 60, threads: 1);

    [Theory]
    [InlineData(1000)]
    [InlineData(-1000)]
    public void Log_ratios_of_a_thousand_give_a_finite_loss_and_gradient(double logRatio)
    {
        var policy = Math.Min(logRatio, 0) / 2;
        var old = policy - logRatio / 2;
        var batch = new TokenBatch([[policy, policy], [-1, -1]], [[old, old], [-1, -1]], [[-1, -1], [-1, -1]], [[1, 1], [1, 1]], [0, 0], [-1, 1])
        {
            Sampler = [[policy, policy], [old, old]],
        };
        foreach (var options in All)
        {
            var evaluation = batch.Evaluate(options.Create(), torch.ScalarType.Float32);
            Assert.True(double.IsFinite(evaluation.Loss), $"{options}: {evaluation.Loss}");
            Assert.All(evaluation.PolicyGradient, g => Assert.True(double.IsFinite(g), $"{options}: {g}"));
        }
    }

    [Fact]
    public void Evaluation_keeps_no_tensor_but_the_loss() => Assert.All(All, options =>
        Assert.Equal(1, TokenBatch.Random(1, 4, 3, drift: 0.6).Evaluate(options.Create()).Kept));

    [Fact]
    public void Credit_has_one_number_a_token_and_is_finite() => Assert.All(All, options =>
    {
        CreditInput[] responses = [.. Responses(0, 1, 0), Response(1, 0.5, 1), Response(1, 0.5, 7), Response(1, 0.2, 2, trained: false)];
        var credits = options.Create().AssignCredit(responses).Credits;
        Assert.Equal(responses.Select(r => r.Length), credits.Select(credit => credit.TokenAdvantages.Length));
        Assert.Equal(responses.Select(r => r.Length), credits.Select(credit => credit.TokenReturns.Length));
        Assert.All(credits, credit => Assert.All(credit.TokenAdvantages.Append(credit.Score), a => Assert.True(float.IsFinite(a))));
    });

    /// <summary>
    /// Nothing is to be learnt where every reward is the same and every policy is, but for rounding in fp32: then log Z = β·r̂, the critic
    /// holds the reward, and what is left of any gradient is of the order of the rounding. A KL term of the loss is left out, and rejection
    /// sampling is given a reward that it rejects.
    /// </summary>
    [Fact]
    public void Equal_rewards_and_equal_policies_teach_nothing() =>
        Gen.Select(Gen.ULong, Gen.Int[1, 6], Gen.Double[-2, 2], Gen.OneOf(All)).Sample((seed, tokens, reward, options) =>
        {
            if (options is PolicyGradientOptions policyGradient)
            {
                var kl = policyGradient.Kl.Placement == KlPlacement.Reward ? policyGradient.Kl : new KlOptions();
                options = policyGradient with { Kl = kl, EntropyBonus = 0 };
            }
            if (options is RejectionSamplingOptions rejection) reward = Math.Min(reward, rejection.Threshold);
            var (objective, draw) = (options.Create(), 0L);
            const int responses = 8;
            double[][] Rounded(double value) => [.. Enumerable.Range(0, responses).Select(_ =>
                Enumerable.Range(0, tokens).Select(_ => value + 2e-7 * (Seeds.Uniform(seed, draw++) - 0.5)).ToArray())];
            var (policy, old, reference, values) = (Rounded(-1), Rounded(-1), Rounded(-1), Rounded(reward));
            static float[] Single(double[] row) => Array.ConvertAll(row, value => (float)value);
            var credits = objective.AssignCredit([.. Enumerable.Range(0, responses).Select(i => new CreditInput(
                i / 4, reward, IsTruncated: false, Single(old[i]), Single(reference[i]), Single(values[i])) { Problem = "one" })]).Credits;
            var batch = new TokenBatch(policy, old, reference, [.. policy.Select(row => row.Select(_ => 1.0).ToArray())],
                LogZ: [.. credits.Select(credit => options is DistributionMatchingOptions matching ? matching.Beta * credit.Score : 0)],
                Scores: [.. credits.Select(credit => (double)credit.Score)])
            {
                Advantages = [.. credits.Select(credit => Array.ConvertAll(credit.TokenAdvantages, a => (double)a))],
                Returns = [.. credits.Select(credit => Array.ConvertAll(credit.TokenReturns, r => (double)r))],
                Values = values,
                OldValues = values,
                Groups = [.. Enumerable.Range(0, responses).Select(i => i / 4L)],
            };
            var evaluation = batch.Evaluate(objective, progress: 1);
            double[] gradients = [.. evaluation.PolicyGradient, .. evaluation.LogZGradient, .. evaluation.ValueGradient];
            Assert.True(gradients.Sum(Math.Abs) < 5e-3, $"{options}: {gradients.Sum(Math.Abs)}");
        }, iter: 300, threads: 1);

    private static void AssertRows(double[] plain, double[] padded, int tokens)
    {
        var rows = padded.Chunk(tokens + 3).ToArray();
        AssertAllClose(plain, [.. rows.SelectMany(row => row[..tokens])]);
        Assert.All(rows.SelectMany(row => row[tokens..]), g => Assert.Equal(0, g));
    }

    private static void AssertClose(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"expected {expected}, got {actual}");

    private static void AssertAllClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (e, a) in expected.Zip(actual)) AssertClose(e, a, 1e-11);
    }
}
