using FlowRL.Tasks;

namespace FlowRL.Rewards.Parts;

/// <summary>What a part of a reward sees.</summary>
/// <param name="Problem">The problem that was answered.</param>
/// <param name="Response">The response's text.</param>
/// <param name="Length">Its tokens.</param>
/// <param name="IsTruncated">Whether it hit the length limit.</param>
public sealed record RewardInput(Problem Problem, string Response, int Length, bool IsTruncated);
