using FlowRL.Rollouts;

namespace FlowRL.Telemetry;

/// <summary>One response, for reading.</summary>
/// <param name="Step">The step that sampled it.</param>
/// <param name="ProblemId">Which problem it answers.</param>
/// <param name="Prompt">The prompt's text.</param>
/// <param name="Response">The response's text.</param>
/// <param name="Reward">The scalar reward; NaN where verification failed.</param>
/// <param name="IsCorrect">Whether it solves the problem.</param>
/// <param name="FinishReason">Why it ended.</param>
/// <param name="Length">Tokens of the response.</param>
public sealed record LoggedSample(
    int Step, string ProblemId, string Prompt, string Response, double Reward, bool IsCorrect, FinishReason FinishReason, int Length);
