using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Telemetry;

namespace FlowRL.Training;

/// <summary>One step's sampled and scored responses.</summary>
/// <param name="Groups">Those that are trained on, for logs.</param>
/// <param name="Sampled">All of them; more than <paramref name="Groups"/> where an objective wants only some.</param>
/// <param name="Samples">The groups as training sees them.</param>
/// <param name="Statistics">How the sampling went; of the last round where there were several.</param>
internal sealed record Rollout(IReadOnlyList<ScoredGroup> Groups, IReadOnlyList<ScoredGroup> Sampled, IReadOnlyList<TrainingSample> Samples,
    SamplingStatistics Statistics);

/// <summary>What a step's rollouts look like: the numbers that show collapse, truncation and failing verifiers early.</summary>
internal static class RolloutMetrics
{
    public static void Add(Metrics metrics, Rollout rollout)
    {
        foreach (var group in rollout.Sampled)
        {
            foreach (var (response, verdict) in group.Rollout.Responses.Zip(group.Verdicts))
            {
                if (verdict.Reward is Reward.Score score)
                {
                    metrics.Add("reward", score.Value);
                    foreach (var (part, value) in score.Parts) metrics.Add($"reward/{part}", value);
                }
                metrics.Add("accuracy", verdict.IsCorrect ? 1 : 0);
                metrics.Add(MetricNames.RewardErrors, verdict.Reward is Reward.Error ? 1 : 0);
                metrics.Add(MetricNames.RewardTimeouts, verdict.Reward is Reward.Timeout ? 1 : 0);
                metrics.Add("length", response.Length);
                metrics.Add("truncated", response.IsTruncated ? 1 : 0);
            }
            metrics.Add("distinct_correct", group.Verdicts.Select(verdict => verdict.Solution).OfType<string>().Distinct().Count());
        }
        metrics.Add("tokens_per_second", rollout.Statistics.TokensPerSecond);
        if (rollout.Sampled.Count > rollout.Groups.Count) metrics.Add("sampled_groups", rollout.Sampled.Count);
    }
}
