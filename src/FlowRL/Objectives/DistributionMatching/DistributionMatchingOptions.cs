using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Models;
using FlowRL.Objectives.Targets;

namespace FlowRL.Objectives.DistributionMatching;

/// <summary>
/// What every objective that matches a reward distribution can choose. Switches that are not given are the objective's own; a key that
/// would have no effect is refused.
/// </summary>
public abstract record DistributionMatchingOptions : ObjectiveOptions, IValidated
{
    private const double DefaultEpsilon = 0.2, DefaultCap = 10, DefaultScale = 1;

    [Description("β: how strongly the target follows the reward, p* ∝ π_ref·exp(β·r).")]
    [Range(0.0, 10000.0)]
    public double Beta { get; init; } = 15;

    [Description("How β reaches its value: constant, or linear or cosine from beta_start. Raising β slowly keeps a peaked target's modes. " +
        "Linear in flowrl's exact_target, else constant.")]
    public BetaScheduleKind? BetaSchedule { get; init; }

    [Description(DistributionMatching.BetaSchedule.StartDescription)]
    [Range(0.0, 10000.0)]
    public double? BetaStart { get; init; }

    [Description(DistributionMatching.BetaSchedule.AnnealShareDescription)]
    [Range(0.001, 1.0)]
    public double? BetaAnnealShare { get; init; }

    [Description("Divide both log-probabilities by the response's length. True in flowrl's published presets, else false: the exact " +
        "target, without a pull to longer answers.")]
    public bool? LengthNormalised { get; init; }

    [Description("Normalise rewards within the group (needs groups of two or more), else use them raw. True in flowrl's published presets, else false.")]
    public bool? RewardNormalised { get; init; }

    [Description("Weigh responses by π_θ/π_old, which makes off-policy updates follow the policy's own samples. True in flowrl's presets, " +
        "else false: the loss has the same minimum wherever its responses come from.")]
    public bool? ImportanceWeight { get; init; }

    [Description("Ratio of whole responses (sequence; unless given) or its mean a token (geometric_mean).")]
    public WeightLevel? WeightLevel { get; init; }

    [Description("Bounds of the weight: two_sided (flowrl's paper), none (authors_code), or upper_bound (verl_port and the other objectives).")]
    public WeightClip? WeightClip { get; init; }

    [Description("With two_sided the weight is at least 1 − this; 0.2 unless given.")]
    [Range(0.0, 1.0)]
    public double? EpsilonLow { get; init; }

    [Description("With two_sided the weight is at most 1 + this; 0.2 unless given.")]
    [Range(0.0, 1000.0)]
    public double? EpsilonHigh { get; init; }

    [Description("With upper_bound the weight is at most this; 10 unless given.")]
    [Range(1.0, 1e6)]
    public double? WeightCap { get; init; }

    [Description("What a residual costs: squared (the paper's), huber, linex or shifted_cosh.")]
    public ResidualKind ResidualLoss { get; init; } = ResidualKind.Squared;

    [Description("Residual, in nats, at which huber, linex and shifted_cosh leave the square; 1 unless given.")]
    [Range(0.001, 10000.0)]
    public double? ResidualScale { get; init; }

    [Description("What the policy is to become: reference keeps the reference's odds among right answers (unless given), tempered less of them, " +
        "flat makes all right answers equal, flat_by_solution all different solutions.")]
    public TargetOptions Target { get; init; } = new ReferenceTargetOptions();

    internal override TargetOptions? Matched => Target;

    /// <summary>The objective's own choices with the given keys laid over them.</summary>
    internal DistributionMatchingSettings Resolve() => new(
        DistributionMatching.BetaSchedule.Of(Schedule, BetaStart, Beta, BetaAnnealShare),
        LengthNormalised ?? IsNormalisedByDefault,
        RewardNormalised ?? IsNormalisedByDefault,
        IsWeighted
            ? FlowRL.Objectives.DistributionMatching.ImportanceWeight.Of(WeightLevel ?? FlowRL.Objectives.DistributionMatching.WeightLevel.Sequence, Clip,
                EpsilonLow ?? DefaultEpsilon, EpsilonHigh ?? DefaultEpsilon, WeightCap ?? DefaultCap)
            : FlowRL.Objectives.DistributionMatching.ImportanceWeight.Off,
        new ResidualLoss(ResidualLoss, ResidualScale ?? DefaultScale),
        ResolvePartition(),
        Target);

    public IEnumerable<string> Validate()
    {
        foreach (var (key, cause, remedy) in DistributionMatching.BetaSchedule.Inert(Schedule, BetaStart, BetaAnnealShare))
            yield return Inert(key, cause, remedy);
        foreach (var error in IsWeighted ? InertBounds() : InertWeight()) yield return error;
        if (Target is not ReferenceTargetOptions)
        {
            if (LengthNormalised ?? IsNormalisedByDefault)
                yield return "target: another target than reference is one of whole responses; set length_normalised: false, or a preset that does.";
            if (RewardNormalised ?? IsNormalisedByDefault)
                yield return "target: another target than reference is one of the rewards themselves; set reward_normalised: false, or a preset that does.";
        }
        if (ResidualLoss == ResidualKind.Squared && ResidualScale is not null)
        {
            yield return Inert("residual_scale", "residual_loss: squared", "choose huber, linex or shifted_cosh");
        }
    }

    /// <summary>Whether log-probabilities and rewards are normalised unless the recipe says otherwise.</summary>
    private protected virtual bool IsNormalisedByDefault => false;

    private protected virtual bool IsWeightedByDefault => false;

    private protected virtual BetaScheduleKind DefaultSchedule => BetaScheduleKind.Constant;

    private protected virtual WeightClip DefaultClip => DistributionMatching.WeightClip.UpperBound;

    private protected virtual PartitionOptions ResolvePartition() => new();

    private IEnumerable<string> InertWeight()
    {
        (string Key, bool IsGiven)[] keys =
        [
            ("weight_level", WeightLevel is not null), ("weight_clip", WeightClip is not null), ("epsilon_low", EpsilonLow is not null),
            ("epsilon_high", EpsilonHigh is not null), ("weight_cap", WeightCap is not null),
        ];
        return keys.Where(k => k.IsGiven).Select(k => Inert(k.Key, "importance_weight: false", "set importance_weight: true"));
    }

    private IEnumerable<string> InertBounds()
    {
        var cause = Clip switch
        {
            DistributionMatching.WeightClip.None => "weight_clip: none",
            DistributionMatching.WeightClip.UpperBound => "weight_clip: upper_bound",
            _ => "weight_clip: two_sided",
        };
        if (Clip != DistributionMatching.WeightClip.TwoSided)
        {
            if (EpsilonLow is not null) yield return Inert("epsilon_low", cause, "set weight_clip: two_sided");
            if (EpsilonHigh is not null) yield return Inert("epsilon_high", cause, "set weight_clip: two_sided");
        }
        if (Clip != DistributionMatching.WeightClip.UpperBound && WeightCap is not null)
        {
            yield return Inert("weight_cap", cause, "set weight_clip: upper_bound");
        }
    }

    private BetaScheduleKind Schedule => BetaSchedule ?? DefaultSchedule;

    private bool IsWeighted => ImportanceWeight ?? IsWeightedByDefault;

    private WeightClip Clip => WeightClip ?? DefaultClip;

    internal static string Inert(string key, string cause, string remedy) =>
        $"{key}: has no effect with {cause}; remove it, or {remedy}.";
}

/// <summary>Every choice of a distribution-matching objective made: its options once defaults and presets have filled in what is not given.</summary>
/// <param name="Beta">β, the inverse temperature of the target, over the run.</param>
/// <param name="LengthNormalised">Whether both log-probabilities in δ are means over tokens (1/|y|) or sums.</param>
/// <param name="RewardNormalised">Whether the target holds r̂, normalised in the group, or the raw reward.</param>
/// <param name="Weight">w.</param>
/// <param name="Residual">g, in L = mean of w·g(δ).</param>
/// <param name="Partition">The log Z head, where one is learned.</param>
/// <param name="Target">What is matched.</param>
internal sealed record DistributionMatchingSettings(
    BetaSchedule Beta,
    bool LengthNormalised,
    bool RewardNormalised,
    ImportanceWeight Weight,
    ResidualLoss Residual,
    PartitionOptions Partition,
    TargetOptions Target);
