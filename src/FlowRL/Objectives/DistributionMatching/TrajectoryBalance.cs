using System.ComponentModel;
using FlowRL.Configuration;
using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Objectives.DistributionMatching;

/// <summary>
/// Trajectory balance (Malkin et al., arXiv 2201.13259, equation 14). A token sequence is a tree, so the backward policy is 1, and with
/// the reward R(y) = π_ref(y|x)·exp(β·r(x,y))
/// <code>
/// L = mean over responses of (log Z_φ(x) + Σ_t log π_θ(y_t) − β·r − Σ_t log π_ref(y_t))²
/// </code>
/// It is FlowRL without 1/|y|, group normalisation and importance weight: its minimum is the target from any samples that reach every
/// answer, and on-policy its expected gradient is twice that of KL(π_θ ‖ p*).
/// </summary>
internal sealed class TrajectoryBalanceObjective(DistributionMatchingSettings settings) : DistributionMatchingObjective(settings)
{
    public override string Name => "trajectory_balance";

    public override ObjectiveNeeds Needs => ObjectiveNeeds.Reference | ObjectiveNeeds.LogPartition;

    private protected override Tensor LogPartition(ObjectiveInputs inputs, Tensor gain, Tensor weight) => inputs.LogPartition;
}

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
