using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Objectives.DistributionMatching;

/// <summary>
/// FlowRL (Zhu et al., arXiv 2509.15207): match the reward distribution p*(y|x) ∝ π_ref(y|x)·exp(β·r̂(x,y)) instead of maximising reward,
/// by regressing the trajectory balance residual
/// <code>
/// δ = log Z(x) + (1/|y|)·Σ_t log π_θ(y_t) − β·r̂ − (1/|y|)·Σ_t log π_ref(y_t)
/// w = clip(π_θ(y|x) / π_old(y|x), 1 − ε_low, 1 + ε_high)      no gradient through w
/// L = mean over responses of w·δ²
/// </code>
/// with log Z from a network on the prompt. Kept: all of the paper's objective (the default settings). Dropped: nothing of it; the KL
/// settings of the authors' code, which do nothing there, have no counterpart. Added: a schedule for β, sums instead of means (1/|y| is
/// then 1 in both terms, which makes p* exact), raw rewards, other clips of w, and g(δ) in place of δ².
/// </summary>
internal sealed class FlowRLObjective(DistributionMatchingSettings settings) : DistributionMatchingObjective(settings)
{
    public override string Name => "flowrl";

    public override ObjectiveNeeds Needs => ObjectiveNeeds.Reference | ObjectiveNeeds.LogPartition;

    private protected override Tensor LogPartition(ObjectiveInputs inputs, Tensor gain, Tensor weight) => inputs.LogPartition;
}

/// <summary>FlowRL. The preset decides every switch that is not given.</summary>
[Variant("flowrl")]
public sealed record FlowRLOptions : DistributionMatchingOptions
{
    [Description("Variant that decides what is not given here: paper, authors_code, verl_port, or exact_target.")]
    public FlowRLPreset Preset { get; init; } = FlowRLPreset.Paper;

    [Description("The log Z head, where it departs from the preset's.")]
    public FlowRLPartitionOptions Partition { get; init; } = new();

    public override IObjective Create() => new FlowRLObjective(Resolve());

    private protected override bool IsNormalisedByDefault => Preset != FlowRLPreset.ExactTarget;

    private protected override bool IsWeightedByDefault => true;

    private protected override BetaScheduleKind DefaultSchedule =>
        Preset == FlowRLPreset.ExactTarget ? BetaScheduleKind.Linear : BetaScheduleKind.Constant;

    private protected override WeightClip DefaultClip => Preset switch
    {
        FlowRLPreset.AuthorsCode => FlowRL.Objectives.DistributionMatching.WeightClip.None,
        FlowRLPreset.VerlPort => FlowRL.Objectives.DistributionMatching.WeightClip.UpperBound,
        _ => FlowRL.Objectives.DistributionMatching.WeightClip.TwoSided,
    };

    private protected override PartitionOptions ResolvePartition() => Partition.Over(Preset is FlowRLPreset.Paper or FlowRLPreset.ExactTarget
        ? new PartitionOptions()
        : new PartitionOptions { Dropout = 0.1, ExcludeLastPromptToken = true });
}

/// <summary>Variants of FlowRL: three published ones, and the one of this library. docs/method.md has the table with sources.</summary>
public enum FlowRLPreset
{
    /// <summary>arXiv 2509.15207: sequence ratio clipped on both sides, log Z from every prompt token.</summary>
    Paper,

    /// <summary>The authors' first code: the clipped ratio is computed but the unclipped one is used; last prompt token left out.</summary>
    AuthorsCode,

    /// <summary>The later port in verl: the ratio is capped at 10; last prompt token left out.</summary>
    VerlPort,

    /// <summary>
    /// The exact target π_ref·exp(β·r) / Z: raw rewards, whole responses, β raised linearly. The paper's objective in all else; results/ has
    /// what it keeps that the normalised ones lose.
    /// </summary>
    ExactTarget,
}

/// <summary>Departures from the preset's <see cref="PartitionOptions"/>; what is not given is the preset's.</summary>
public sealed record FlowRLPartitionOptions
{
    [Description("Dropout between the layers of the log Z head; 0 in the presets paper and exact_target, 0.1 in the others.")]
    [Range(0.0, 0.9)]
    public double? Dropout { get; init; }

    [Description("Stop the gradient of log Z before it reaches the policy's hidden states; false in every preset.")]
    public bool? DetachBackbone { get; init; }

    [Description("Leave the last prompt token out of the mean over prompt positions; false in the presets paper and exact_target, true in the others.")]
    public bool? ExcludeLastPromptToken { get; init; }

    [Description("Learning rate of the log Z head as a multiple of the policy's; 1 in every preset, about 100 in GFlowNet practice.")]
    [Range(0.0, 10000.0)]
    public double? LearningRateFactor { get; init; }

    internal PartitionOptions Over(PartitionOptions preset) => preset with
    {
        Dropout = Dropout ?? preset.Dropout,
        DetachBackbone = DetachBackbone ?? preset.DetachBackbone,
        ExcludeLastPromptToken = ExcludeLastPromptToken ?? preset.ExcludeLastPromptToken,
        LearningRateFactor = LearningRateFactor ?? preset.LearningRateFactor,
    };
}
