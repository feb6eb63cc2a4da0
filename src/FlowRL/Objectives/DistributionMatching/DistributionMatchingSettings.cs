using FlowRL.Models;

namespace FlowRL.Objectives.DistributionMatching;

/// <summary>Every choice of a distribution-matching objective made: its options once defaults and presets have filled in what is not given.</summary>
/// <param name="Beta">β, the inverse temperature of the target, over the run.</param>
/// <param name="LengthNormalised">Whether both log-probabilities in δ are means over tokens (1/|y|) or sums.</param>
/// <param name="RewardNormalised">Whether the target holds r̂, normalised in the group, or the raw reward.</param>
/// <param name="Weight">w.</param>
/// <param name="Residual">g, in L = mean of w·g(δ).</param>
/// <param name="Partition">The log Z head, where one is learned.</param>
public sealed record DistributionMatchingSettings(
    BetaSchedule Beta,
    bool LengthNormalised,
    bool RewardNormalised,
    ImportanceWeight Weight,
    ResidualLoss Residual,
    PartitionOptions Partition);
