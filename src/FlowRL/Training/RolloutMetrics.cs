using FlowRL.Rewards;

namespace FlowRL.Training;

/// <summary>What a step's rollouts look like: the numbers that show collapse, truncation and failing verifiers early.</summary>
public static class RolloutMetrics
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
                metrics.Add("reward_errors", verdict.Reward is Reward.Error ? 1 : 0);
                metrics.Add("reward_timeouts", verdict.Reward is Reward.Timeout ? 1 : 0);
                metrics.Add("length", response.Length);
                metrics.Add("truncated", response.IsTruncated ? 1 : 0);
            }
            metrics.Add("distinct_correct", group.Verdicts.Where(verdict => verdict.IsCorrect).Select(verdict => verdict.Solution).Distinct().Count());
        }
        metrics.Add("tokens_per_second", rollout.Statistics.TokensPerSecond);
        if (rollout.Sampled.Count > rollout.Groups.Count) metrics.Add("sampled_groups", rollout.Sampled.Count);
    }
}
