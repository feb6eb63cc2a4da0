using System.Text.Json;
using FlowRL.Objectives;
using FlowRL.Objectives.PolicyGradient;
using FlowRL.Objectives.PolicyGradient.Variety;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Objectives.PolicyGradient;

/// <summary>Advantages, losses and gradients that verl and TRL compute on one batch: see Golden/objectives/SOURCE.txt.</summary>
public sealed class OtherTrainersTests
{
    private static readonly JsonElement Goldens =
        JsonDocument.Parse(File.ReadAllText(GoldenFiles.Path("objectives", "goldens.json"))).RootElement;

    private static readonly JsonElement Inputs = Goldens.GetProperty("inputs");

    private static readonly KlOptions NoKl = new();

    public static readonly TheoryData<string, PolicyGradientOptions> Advantages = new()
    {
        { "grpo", new GrpoOptions { Kl = NoKl } },
        { "grpo without deviation", new DrGrpoOptions() },
        { "rloo", new RlooOptions { Kl = NoKl } },
        { "opo", new OpoOptions() },
        { "grpo_passk", new BestGapOptions() },
        { "gpg", new GpgOptions() },
        { "reinforce_plus_plus_baseline", new ReinforcePpBaselineOptions { Kl = NoKl } },
        { "reinforce_plus_plus gamma=1", new ReinforcePpOptions { Kl = NoKl } },
        { "gae gamma=1.0 lambda=1.0", new PpoOptions { Kl = NoKl } },
        { "gae gamma=1.0 lambda=0.95", new PpoOptions { Kl = NoKl, GaeLambda = 0.95 } },
        { "gae gamma=0.99 lambda=0.9", new PpoOptions { Kl = NoKl, Gamma = 0.99, GaeLambda = 0.9 } },
    };

    public static readonly TheoryData<string, PolicyGradientOptions, int> Losses = new()
    {
        { "verl ppo clip 0.2, token-mean", new DapoOptions { EpsilonHigh = 0.2, DualClip = 3 }, 10 },
        { "verl ppo clip 0.2, seq-mean-token-sum", new DapoOptions { EpsilonHigh = 0.2, DualClip = 3, Aggregation = LossAggregation.SequenceSum }, 10 },
        { "verl ppo clip 0.2, seq-mean-token-mean", new DapoOptions { EpsilonHigh = 0.2, DualClip = 3, Aggregation = LossAggregation.SequenceMean }, 10 },
        { "verl ppo clip 0.2, seq-mean-token-sum-norm", new DapoOptions { EpsilonHigh = 0.2, DualClip = 3, Aggregation = LossAggregation.Constant }, 10 },
        { "verl dapo clip 0.2/0.28", new DapoOptions { DualClip = 3 }, 10 },
        { "verl dual clip 1.2", new DapoOptions { EpsilonHigh = 0.2, DualClip = 1.2 }, 10 },
        { "verl gspo 3e-2/4e-2", new GspoOptions { EpsilonLow = 0.03, EpsilonHigh = 0.04 }, 10 },
        { "verl geometric mean (gmpo)", new GmpoOptions(), 10 },
        { "verl cispo 10/0.2", new CispoOptions(), 10 },
        { "verl sapo", new SapoOptions(), 10 },
        { "verl gpg", new GpgOptions(), 10 },
        { "trl grpo", new GrpoOptions { Kl = NoKl, Aggregation = LossAggregation.SequenceMean }, 10 },
        { "trl bnpo", new GrpoOptions { Kl = NoKl }, 10 },
        { "trl dr_grpo", new DrGrpoOptions(), 10 },
        { "trl dapo", new DapoOptions { EpsilonHigh = 0.2 }, 10 },
        { "trl dr_grpo, limit 16", new DrGrpoOptions(), 16 },
        { "trl grpo, k3 beta 0.04", new GrpoOptions { Kl = new KlOptions { Coefficient = 0.04 }, Aggregation = LossAggregation.SequenceMean }, 10 },
        {
            "trl grpo, k3 beta 0.04, weighted",
            new GrpoOptions { Kl = new KlOptions { Coefficient = 0.04, Weighted = true }, Aggregation = LossAggregation.SequenceMean }, 10
        },
        { "trl gspo 3e-2/4e-2", new GspoOptions { EpsilonLow = 0.03, EpsilonHigh = 0.04 }, 10 },
        { "trl dapo clip 0.2/0.28", new DapoOptions(), 10 },
        { "trl two-sided delta 1.5", new GrpoOptions { Kl = NoKl, DualClip = 1.5, Aggregation = LossAggregation.SequenceMean }, 10 },
        { "trl cispo high 1.28", new CispoOptions { EpsilonHigh = 0.28 }, 10 },
        { "trl sapo", new SapoOptions(), 10 },
        { "trl luspo", new LuspoOptions { EpsilonLow = 0.2, EpsilonHigh = 0.2 }, 10 },
        { "trl off-policy mask 0.1", new GrpoOptions { Kl = NoKl, OffPolicyThreshold = 0.1, Aggregation = LossAggregation.SequenceMean }, 10 },
    };

    [Fact]
    public void Every_loss_of_theirs_is_compared() => Assert.Equal(
        Goldens.GetProperty("policy_losses").EnumerateObject().Select(loss => loss.Name), Losses.Select(row => row.Data.Item1));

    // Of REINFORCE++ the discount is theirs alone: the reward of a whole response is not worth less for being long.
    [Fact]
    public void Every_advantage_of_theirs_is_compared_but_a_discounted_one() => Assert.Equal(
        Goldens.GetProperty("advantages").EnumerateObject().Select(a => a.Name).Except(["reinforce_plus_plus gamma=0.9"]).Order(StringComparer.Ordinal),
        Advantages.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Advantages))]
    public void Advantages_are_theirs(string name, PolicyGradientOptions options)
    {
        var (mask, reward, group) = (Grid(Inputs, "mask"), Row(Inputs, "reward"), Inputs.GetProperty("group"));
        float[] Trained(string key, int i) => [.. Grid(Inputs, key)[i].Take(Length(i)).Select(value => (float)value)];
        int Length(int i) => (int)mask[i].Sum();
        var credits = options.Create().AssignCredit([.. reward.Select((r, i) => new CreditInput(
            group[i].GetString() == "a" ? 0 : 1, r, IsTruncated: false, Trained("old_log_prob", i), Trained("reference_log_prob", i), Trained("values", i)))]).Credits;
        var golden = Goldens.GetProperty("advantages").GetProperty(name);
        var expected = Grid(golden, "advantages");
        for (var i = 0; i < credits.Count; i++)
        {
            // verl whitens with the deviation of all tokens; so is it here, to 1e-8 of the variance.
            for (var t = 0; t < Length(i); t++) Assert.Equal(expected[i][t], credits[i].TokenAdvantages[t], 2e-6 * Math.Max(1, Math.Abs(expected[i][t])));
            if (!name.StartsWith("gae", StringComparison.Ordinal)) continue;
            var returns = Grid(golden, "returns");
            for (var t = 0; t < Length(i); t++) Assert.Equal(returns[i][t], credits[i].TokenReturns[t], 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Losses_and_their_gradients_are_theirs(string name, PolicyGradientOptions options, int lengthLimit)
    {
        var golden = Goldens.GetProperty("policy_losses").GetProperty(name);
        var evaluation = Batch(lengthLimit).Evaluate(options.Create());
        Assert.Equal(golden.GetProperty("loss").GetDouble(), evaluation.Loss, 1e-7);
        Assert.All(Grid(golden, "gradient").SelectMany(row => row).Zip(evaluation.PolicyGradient), pair => Assert.Equal(pair.First, pair.Second, 1e-7));
    }

    [Theory]
    [InlineData("clip 0.2, token-mean", LossAggregation.TokenMean)]
    [InlineData("clip 0.2, seq-mean-token-mean", LossAggregation.SequenceMean)]
    public void Value_losses_and_their_gradients_are_theirs(string name, LossAggregation aggregation)
    {
        var golden = Goldens.GetProperty("value_losses").GetProperty(name);
        var mask = Grid(Inputs, "mask");
        var batch = Batch(10) with
        {
            Advantages = [.. mask.Select(row => new double[row.Length])],
            Returns = Grid(golden, "returns"),
            Values = Grid(Inputs, "values"),
            OldValues = Grid(Inputs, "old_values"),
        };
        var evaluation = batch.Evaluate(new PpoOptions { Kl = NoKl, ValueCoefficient = 1, ValueClip = 0.2, Aggregation = aggregation }.Create());
        Assert.Equal(golden.GetProperty("loss").GetDouble(), evaluation.Loss, 1e-9);
        Assert.All(Grid(golden, "gradient").SelectMany(row => row).Zip(evaluation.ValueGradient), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    [Fact]
    public void Estimates_of_the_divergence_are_theirs()
    {
        var (policy, reference, mask) = (Grid(Inputs, "log_prob"), Grid(Inputs, "reference_log_prob"), Grid(Inputs, "mask"));
        foreach (var (name, estimator) in new[] { ("kl", KlEstimator.K1), ("mse", KlEstimator.K2), ("low_var_kl", KlEstimator.K3) })
        {
            var expected = Grid(Goldens.GetProperty("kl").GetProperty(name), "value");
            for (var i = 0; i < mask.Length; i++)
                for (var t = 0; t < mask[i].Sum(); t++) Assert.Equal(expected[i][t], KlPenalty.Of(estimator, policy[i][t] - reference[i][t]), 1e-9);
        }
    }

    private static TokenBatch Batch(int lengthLimit) => new(Grid(Inputs, "log_prob"), Grid(Inputs, "old_log_prob"), Grid(Inputs, "reference_log_prob"),
        Grid(Inputs, "mask"), new double[8], new double[8])
    {
        Advantages = Grid(Goldens.GetProperty("advantages").GetProperty("grpo"), "advantages"),
        LengthLimit = lengthLimit,
    };

    private static double[][] Grid(JsonElement of, string key) => of.GetProperty(key).Deserialize<double[][]>()!;

    private static double[] Row(JsonElement of, string key) => of.GetProperty(key).Deserialize<double[]>()!;
}
