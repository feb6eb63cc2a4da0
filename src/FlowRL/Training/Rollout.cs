using FlowRL.Rewards;
using FlowRL.Rollouts;

namespace FlowRL.Training;

/// <summary>One step's sampled and scored responses.</summary>
/// <param name="Groups">As they were sampled, for logs.</param>
/// <param name="Samples">As training sees them.</param>
/// <param name="Statistics">How the sampling went.</param>
internal sealed record Rollout(IReadOnlyList<ScoredGroup> Groups, IReadOnlyList<TrainingSample> Samples, SamplingStatistics Statistics);
