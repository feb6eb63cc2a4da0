using FlowRL.Configuration;
using FlowRL.Objectives;
using FlowRL.Objectives.DistributionMatching;
using FlowRL.Objectives.PolicyGradient;
using FlowRL.Objectives.PolicyGradient.Variety;
using FlowRL.Objectives.Targets;

namespace FlowRL.Tests.Objectives;

/// <summary>Every objective, with its defaults and with each shared option switched on somewhere.</summary>
internal static class ObjectiveVariants
{
    /// <summary>A new policy gradient is here without being named; an objective of another kind is added to one of the lists below.</summary>
    public static readonly PolicyGradientOptions[] PolicyGradients =
    [
        .. Defaults,
        new PpoOptions { ValueClip = 0, ValueCoefficient = 0.7, Correction = new CorrectionOptions { Level = CorrectionLevel.Sequence } },
        .. from aggregation in Enum.GetValues<LossAggregation>()
           from estimator in Enum.GetValues<KlEstimator>()
           select new GrpoOptions
           {
               EpsilonHigh = 0.28,
               DualClip = 1.5,
               EntropyBonus = 0.3,
               Aggregation = aggregation,
               Kl = new KlOptions { Coefficient = 0.4, Estimator = estimator },
               Correction = new CorrectionOptions { Level = CorrectionLevel.Token, Cap = 1.1, OutlierRatio = 1.3, TokenVeto = 0.6 },
           },
        new GrpoOptions { OffPolicyThreshold = 0.1, Kl = new KlOptions { Coefficient = 0.4, Weighted = true } },
        new GspoOptions { EpsilonLow = 0.1, EpsilonHigh = 0.1, Correction = new CorrectionOptions { Level = CorrectionLevel.Sequence } },
    ];

    public static readonly DistributionMatchingOptions[] Matching =
    [
        new TrajectoryBalanceOptions { Beta = 3 }, new VarGradOptions { Beta = 3 },
        new TrajectoryBalanceOptions { Beta = 3, LengthNormalised = true, ResidualLoss = ResidualKind.Huber },
        new VarGradOptions { Beta = 3, LengthNormalised = true, BetaSchedule = BetaScheduleKind.Cosine },
        new FlowRLOptions { Beta = 3, ImportanceWeight = false },
        new VarGradOptions { Beta = 3, Target = new FlatTargetOptions() },
        new TrajectoryBalanceOptions { Beta = 3, Target = new FlatBySolutionTargetOptions() },
    ];

    /// <summary>Those with importance weights: no gradient flows through w, so they are no antiderivative of their gradient.</summary>
    public static readonly DistributionMatchingOptions[] Weighted =
    [
        new FlowRLOptions { Beta = 3 },
        new TrajectoryBalanceOptions { Beta = 3, ImportanceWeight = true, WeightLevel = WeightLevel.GeometricMean },
        new VarGradOptions { Beta = 3, ImportanceWeight = true, WeightCap = 1.5 },
    ];

    public static readonly ObjectiveOptions[] All =
        [.. PolicyGradients, .. Matching, .. Weighted, new RejectionSamplingOptions(), new RejectionSamplingOptions { Average = RejectionAverage.Sequence }];

    /// <summary>Those that compare the responses of a group, without a KL penalty.</summary>
    public static readonly PolicyGradientOptions[] Comparing =
        [.. Defaults.Where(options => options.Create().MinimumGroupSize > 1).Select(options => options with { Kl = new KlOptions() })];

    private static IEnumerable<PolicyGradientOptions> Defaults =>
        OptionVariants.BuiltIn.Of(typeof(PolicyGradientOptions)).Values.Select(type => (PolicyGradientOptions)Activator.CreateInstance(type)!);

    /// <summary>Those for which a number added to all rewards of a group changes nothing.</summary>
    public static readonly PolicyGradientOptions[] ShiftFree = [.. Comparing.Where(options => options is not (MaxRlOptions or GpgOptions))];

    public static CreditInput Response(int group, double reward, int length = 3, string problem = "", bool trained = true) => new(
        group, reward, IsTruncated: false, [.. Enumerable.Repeat(-1f, length)], [.. Enumerable.Repeat(-1f, length)], new float[length])
    {
        Problem = problem,
        LossMask = [.. Enumerable.Repeat(trained, length)],
    };

    public static CreditInput[] Responses(int group, params double[] rewards) => [.. rewards.Select(reward => Response(group, reward))];

    public static float[] Scores(IObjective objective, params IEnumerable<CreditInput> responses) =>
        [.. objective.AssignCredit([.. responses]).Credits.Select(credit => credit.TokenAdvantages[0])];
}
