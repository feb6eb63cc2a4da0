namespace FlowRL.Rewards.Mathematics;

/// <summary>What the verifier says of one response.</summary>
/// <param name="Answer">The answer that was found; null where the response has none.</param>
/// <param name="Comparison">How it compares with the right one.</param>
public sealed record MathVerdict(string? Answer, AnswerComparison Comparison)
{
    public bool IsCorrect => Comparison.Outcome == AnswerOutcome.Equal;
}
