using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Models;
using FlowRL.Recipes;

namespace FlowRL.Objectives;

/// <summary>FlowRL. The preset decides every switch that is not given; a key that would have no effect is refused.</summary>
[Variant("flowrl")]
public sealed record FlowRLOptions : ObjectiveOptions, IValidated
{
    private const double DefaultBetaStart = 1.5, DefaultAnnealShare = 0.6, DefaultEpsilon = 0.2, DefaultCap = 10, DefaultScale = 1;

    [Description("Published variant that decides what is not given here: paper, authors_code or verl_port.")]
    public FlowRLPreset Preset { get; init; } = FlowRLPreset.Paper;

    [Description("β: how strongly the target follows the reward, p* ∝ π_ref·exp(β·r).")]
    [Range(0.0, 10000.0)]
    public double Beta { get; init; } = 15;

    [Description("How β reaches its value: constant, or linear or cosine from beta_start. Raising β slowly keeps a peaked target's modes.")]
    public BetaScheduleKind BetaSchedule { get; init; } = BetaScheduleKind.Constant;

    [Description("β at the first step of a linear or cosine schedule; 1.5 unless given.")]
    [Range(0.0, 10000.0)]
    public double? BetaStart { get; init; }

    [Description("Share of the run over which a linear or cosine schedule moves β; 0.6 unless given.")]
    [Range(0.001, 1.0)]
    public double? BetaAnnealShare { get; init; }

    [Description("Divide both log-probabilities by the response's length; true in every preset. False gives the exact target, without " +
        "a pull to longer answers.")]
    public bool? LengthNormalised { get; init; }

    [Description("Normalise rewards within the group (needs groups of two or more), else use them raw; true in every preset.")]
    public bool? RewardNormalised { get; init; }

    [Description("Weigh responses by π_θ/π_old, which corrects updates that are off-policy; true in every preset.")]
    public bool? ImportanceWeight { get; init; }

    [Description("Ratio of whole responses (sequence; every preset) or its mean a token (geometric_mean).")]
    public WeightLevel? WeightLevel { get; init; }

    [Description("Bounds of the weight: two_sided (paper), upper_bound (verl_port) or none (authors_code).")]
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

    [Description("The log Z head, where it departs from the preset's.")]
    public FlowRLPartitionOptions Partition { get; init; } = new();

    public override IObjective Create() => new FlowRLObjective(Resolve());

    /// <summary>The preset's choices with the given keys laid over them.</summary>
    public FlowRLSettings Resolve() => new(
        new BetaSchedule(BetaSchedule, BetaStart ?? DefaultBetaStart, Beta, BetaAnnealShare ?? DefaultAnnealShare),
        LengthNormalised ?? true,
        RewardNormalised ?? true,
        IsWeighted
            ? Objectives.ImportanceWeight.Of(WeightLevel ?? Objectives.WeightLevel.Sequence, Clip,
                EpsilonLow ?? DefaultEpsilon, EpsilonHigh ?? DefaultEpsilon, WeightCap ?? DefaultCap)
            : Objectives.ImportanceWeight.Off,
        new ResidualLoss(ResidualLoss, ResidualScale ?? DefaultScale),
        Partition.Over(Preset == FlowRLPreset.Paper
            ? new PartitionOptions()
            : new PartitionOptions { Dropout = 0.1, ExcludeLastPromptToken = true }));

    public IEnumerable<string> Validate()
    {
        if (BetaSchedule == BetaScheduleKind.Constant)
        {
            if (BetaStart is not null) yield return Inert("beta_start", "beta_schedule: constant", "choose linear or cosine");
            if (BetaAnnealShare is not null) yield return Inert("beta_anneal_share", "beta_schedule: constant", "choose linear or cosine");
        }
        foreach (var error in IsWeighted ? InertBounds() : InertWeight()) yield return error;
        if (ResidualLoss == ResidualKind.Squared && ResidualScale is not null)
        {
            yield return Inert("residual_scale", "residual_loss: squared", "choose huber, linex or shifted_cosh");
        }
    }

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
            Objectives.WeightClip.None => "weight_clip: none",
            Objectives.WeightClip.UpperBound => "weight_clip: upper_bound",
            _ => "weight_clip: two_sided",
        };
        if (Clip != Objectives.WeightClip.TwoSided)
        {
            if (EpsilonLow is not null) yield return Inert("epsilon_low", cause, "set weight_clip: two_sided");
            if (EpsilonHigh is not null) yield return Inert("epsilon_high", cause, "set weight_clip: two_sided");
        }
        if (Clip != Objectives.WeightClip.UpperBound && WeightCap is not null)
        {
            yield return Inert("weight_cap", cause, "set weight_clip: upper_bound");
        }
    }

    private bool IsWeighted => ImportanceWeight ?? true;

    private WeightClip Clip => WeightClip ?? Preset switch
    {
        FlowRLPreset.AuthorsCode => Objectives.WeightClip.None,
        FlowRLPreset.VerlPort => Objectives.WeightClip.UpperBound,
        _ => Objectives.WeightClip.TwoSided,
    };

    private static string Inert(string key, string cause, string remedy) =>
        $"{key}: has no effect with {cause}; remove it, or {remedy}.";
}
