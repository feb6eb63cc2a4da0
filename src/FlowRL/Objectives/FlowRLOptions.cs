using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Models;
using FlowRL.Recipes;

namespace FlowRL.Objectives;

/// <summary>FlowRL in a recipe. A key that is given overrides the preset; one left out takes the preset's value.</summary>
[Variant("flowrl")]
public sealed record FlowRLOptions : ObjectiveOptions, IValidated
{
    [Description("Published variant whose choices are the defaults: paper, authors_code or verl_port.")]
    public FlowRLPreset Preset { get; init; } = FlowRLPreset.Paper;

    [Description("Inverse temperature β of the target π_ref·exp(β·r).")]
    [Range(0.0, 10000.0)]
    public double Beta { get; init; } = 15;

    [Description("Course of β from beta_start to beta over the first beta_anneal_share of the run: constant (no course), linear or cosine.")]
    public ScheduleShape BetaSchedule { get; init; } = ScheduleShape.Constant;

    [Description("β at the start of a linear or cosine course.")]
    [Range(0.0, 10000.0)]
    public double BetaStart { get; init; } = 1.5;

    [Description("Share of the run after which β stands at its final value.")]
    [Range(0.01, 1.0)]
    public double BetaAnnealShare { get; init; } = 0.6;

    [Description("Divide the log-probability sums by the response length, as the paper does; without it the target is exact.")]
    public bool LengthNormalised { get; init; } = true;

    [Description("Use (r − mean)/(std + 1e-6) within the group, as the paper does, instead of the raw reward.")]
    public bool RewardNormalised { get; init; } = true;

    [Description("Weight residuals by the importance ratio to the sampling policy.")]
    public bool ImportanceWeight { get; init; } = true;

    [Description("What the importance ratio is taken over: sequence or geometric_mean.")]
    public WeightLevel WeightLevel { get; init; } = WeightLevel.Sequence;

    [Description("How the importance weight is bounded: two_sided, cap or none. Left out: the preset's.")]
    public WeightClip? WeightClip { get; init; }

    [Description("ε_low: the weight is at least 1 − ε_low under two_sided.")]
    [Range(0.0, 1.0)]
    public double EpsilonLow { get; init; } = 0.2;

    [Description("ε_high: the weight is at most 1 + ε_high under two_sided.")]
    [Range(0.0, 100.0)]
    public double EpsilonHigh { get; init; } = 0.2;

    [Description("The weight is at most this under cap.")]
    [Range(1.0, 1000000.0)]
    public double WeightCap { get; init; } = 10;

    [Description("Loss of a residual: squared (the paper's), huber, linex or shifted_cosh.")]
    public ResidualLoss ResidualLoss { get; init; } = ResidualLoss.Squared;

    [Description("The log Z head. Left out: the preset's.")]
    public PartitionOptions? Partition { get; init; }

    public override IObjective Create() => new FlowRLObjective(this);

    /// <summary>The bound of the weight after the preset.</summary>
    internal WeightClip ResolvedClip => WeightClip ?? Preset switch
    {
        FlowRLPreset.AuthorsCode => Objectives.WeightClip.None,
        FlowRLPreset.VerlPort => Objectives.WeightClip.Cap,
        _ => Objectives.WeightClip.TwoSided,
    };

    /// <summary>The log Z head after the preset.</summary>
    internal PartitionOptions ResolvedPartition => Partition ?? (Preset == FlowRLPreset.Paper
        ? new PartitionOptions()
        : new PartitionOptions { Dropout = 0.1, ExcludeLastPromptToken = true });

    public IEnumerable<string> Validate()
    {
        if (BetaSchedule != ScheduleShape.Constant && BetaStart > Beta)
        {
            yield return FormattableString.Invariant($"beta_start: {BetaStart} is above beta ({Beta}); a course goes up to beta.");
        }
    }
}
