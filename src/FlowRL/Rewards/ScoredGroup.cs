using FlowRL.Rollouts;
using FlowRL.Tasks;

namespace FlowRL.Rewards;

/// <summary>A group with what the task said of each response, in the order of the responses.</summary>
public sealed record ScoredGroup(RolloutGroup Rollout, IReadOnlyList<Verdict> Verdicts);
