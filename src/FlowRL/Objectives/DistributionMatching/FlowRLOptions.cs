using System.ComponentModel;
using FlowRL.Models;
using FlowRL.Recipes;

namespace FlowRL.Objectives.DistributionMatching;

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
        FlowRLPreset.AuthorsCode => DistributionMatching.WeightClip.None,
        FlowRLPreset.VerlPort => DistributionMatching.WeightClip.UpperBound,
        _ => DistributionMatching.WeightClip.TwoSided,
    };

    private protected override PartitionOptions ResolvePartition() => Partition.Over(Preset is FlowRLPreset.Paper or FlowRLPreset.ExactTarget
        ? new PartitionOptions()
        : new PartitionOptions { Dropout = 0.1, ExcludeLastPromptToken = true });
}
