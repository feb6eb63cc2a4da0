namespace FlowRL.Verifiers.Mathematics;

/// <summary>Finds a response's final answer and compares it with the right one. Thread-safe, and bounded whatever the response holds.</summary>
public sealed class MathVerifier(ExtractionOptions extraction, AnswerRules rules)
{
    /// <param name="gold">The right answer itself, not a text that holds it.</param>
    /// <param name="response">A whole response.</param>
    public MathVerdict Verify(string gold, string response)
    {
        var answer = FinalAnswer.Extract(response, extraction);
        return new MathVerdict(answer, answer is null
            ? AnswerComparison.Different("no final answer was found")
            : AnswerComparer.Compare(gold, answer, rules));
    }

    /// <summary>
    /// Why <paramref name="gold"/> cannot be read as an answer, without a full stop; null where it can. A response earns nothing against a right answer
    /// that is not read, unless it repeats its text.
    /// </summary>
    /// <param name="gold">The right answer itself.</param>
    public static string? WhyUnreadable(string gold) => AnswerComparer.WhyUnreadable(gold);
}

/// <summary>What the verifier says of one response.</summary>
/// <param name="Answer">The answer that was found; null where the response has none.</param>
/// <param name="Comparison">How it compares with the right one.</param>
public sealed record MathVerdict(string? Answer, AnswerComparison Comparison)
{
    public bool IsCorrect => Comparison.Outcome == AnswerOutcome.Equal;
}
