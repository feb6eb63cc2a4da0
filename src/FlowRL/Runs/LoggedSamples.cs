using FlowRL.Rewards;
using FlowRL.Telemetry;

namespace FlowRL.Runs;

/// <summary>Scored rollouts as lines for reading, one response of each group before the second of any.</summary>
internal static class LoggedSamples
{
    public static IEnumerable<LoggedSample> Of(int step, IReadOnlyList<ScoredGroup> groups) =>
        from index in Enumerable.Range(0, groups.Max(scored => scored.Verdicts.Count))
        from scored in groups
        where index < scored.Verdicts.Count
        let response = scored.Rollout.Responses[index]
        let verdict = scored.Verdicts[index]
        select new LoggedSample(step, scored.Rollout.Problem.Id, scored.Rollout.Problem.Prompt.Text, response.Text,
            verdict.Reward.ValueOr(double.NaN), verdict.IsCorrect, response.FinishReason, response.Length);
}
