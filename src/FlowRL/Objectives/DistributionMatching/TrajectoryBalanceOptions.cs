using System.ComponentModel;
using FlowRL.Models;
using FlowRL.Recipes;

namespace FlowRL.Objectives.DistributionMatching;

/// <summary>
/// Trajectory balance: sums over tokens, raw rewards, no importance weight. log Z learns ten times as fast as the policy; for the single
/// number of the paper it is a hundred times, which a network does not always bear.
/// </summary>
[Variant("trajectory_balance")]
public sealed record TrajectoryBalanceOptions : DistributionMatchingOptions
{
    [Description("The log Z head.")]
    public PartitionOptions Partition { get; init; } = new() { LearningRateFactor = 10 };

    public override IObjective Create() => new TrajectoryBalanceObjective(Resolve());

    private protected override PartitionOptions ResolvePartition() => Partition;
}
