using FlowRL.Rewards;
using FlowRL.Rollouts;

namespace FlowRL.Training;

/// <summary>One step's sampled and scored responses.</summary>
/// <param name="Groups">Those that are trained on, for logs.</param>
/// <param name="Sampled">All of them; more than <paramref name="Groups"/> where an objective wants only some.</param>
/// <param name="Samples">The groups as training sees them.</param>
/// <param name="Statistics">How the sampling went; of the last round where there were several.</param>
public sealed record Rollout(IReadOnlyList<ScoredGroup> Groups, IReadOnlyList<ScoredGroup> Sampled, IReadOnlyList<TrainingSample> Samples,
    SamplingStatistics Statistics);
