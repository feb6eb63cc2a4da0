using FlowRL.Verifiers.Mathematics.Reading;
using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics.Steps;

/// <summary>
/// Which solution a right response is: the one expression over numbers that no step gave, which comes of the final answer when each number is replaced by the
/// latest true step before that gave it, the steps' own numbers too; in canonical form, and worth exactly the right answer. Bounded for any text.
/// </summary>
internal static class WrittenSolution
{
    private const int LongestText = 1 << 14; // characters at a response's end
    private const int MostNumbers = 200; // of the expression

    /// <summary>The solution's identity; null where no true step or calculation leads to the final answer, and where the right answer is no number.</summary>
    /// <param name="response">A right response.</param>
    /// <param name="answer">Its final answer.</param>
    /// <param name="gold">The right answer itself.</param>
    public static string? Of(string response, string answer, string gold)
    {
        if (gold.Length > AnswerComparer.Longest || answer.Length > AnswerComparer.Longest || Number(gold) is not { } right) return null;
        var steps = new WrittenSteps();
        Chains(response.Length > LongestText ? response[^LongestText..] : response, steps.Add, steps.IsName);
        var final = default(StepTerm);
        Chains(Typography.Plain(answer), sides => final = Terms(sides, steps).LastOrDefault(term => term.Agrees(right)) ?? final, steps.IsName);
        if (final is null || Calculation(final, right, steps) is not { Size: <= MostNumbers } calculation) return null;
        return CanonicalForm.Of(steps.Substituted(calculation.Expression));
    }

    /// <summary>What the final answer was calculated by; null where it is only stated.</summary>
    private static StepTerm? Calculation(StepTerm final, StepTerm right, WrittenSteps steps)
    {
        if (final.Kind == TermKind.Calculation) return final;
        var found = steps.Latest(right.Value) ?? (right.Percent is { } percent ? steps.Latest(percent) : null) ?? final;
        // 7/2 is a calculation where the right answer is 3.5, and a number where it is 7/2.
        var isStated = found.Uses.Count == 0 && (found.Kind == TermKind.Number || (found.Kind == TermKind.Fraction && right.Kind == TermKind.Fraction));
        return isStated ? null : found;
    }

    /// <summary>The number that a right answer is; null where it is something else.</summary>
    private static StepTerm? Number(string gold)
    {
        var (steps, found) = (new WrittenSteps(), new List<StepTerm?>());
        var breaks = Chains(Typography.Plain(gold), sides => found.Add(Terms(sides, steps).LastOrDefault()), steps.IsName);
        return breaks == 0 && found is [{ } only] ? only : null;
    }

    private static IEnumerable<StepTerm> Terms(IReadOnlyList<StepSide> sides, WrittenSteps steps) =>
        sides.Select(side => side.Tokens is null ? null : steps.Read(side.Tokens)).OfType<StepTerm>();

    /// <summary>Reads a text; returns how many signs no calculation has.</summary>
    private static int Chains(string text, Action<IReadOnlyList<StepSide>> found, Func<string, bool> isKnown)
    {
        var reader = new StepReader(found, isKnown);
        foreach (var line in StepTokens.Lines(text)) reader.Line(line);
        reader.EndChain();
        return reader.Breaks;
    }
}
