using System.Text.RegularExpressions;
using FlowRL.Verifiers.Mathematics.Reading;
using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>
/// What tells one way to an answer from another: the set of calculations that a response writes down, each in a canonical form in which sums
/// and products have no order. A response without calculations is told apart by its words.
/// </summary>
internal static partial class ReasoningPath
{
    private const int MostCalculations = 256;
    private const int LongestText = 4096;

    /// <summary>An identity, equal for responses that calculate the same.</summary>
    public static string Of(string response)
    {
        var text = response.Length > LongestText ? response[^LongestText..] : response;
        var calculations = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var match in Calculation().EnumerateMatches(text))
        {
            if (Canonical(text.Substring(match.Index, match.Length)) is { } calculation) calculations.Add(calculation);
            if (calculations.Count == MostCalculations) break;
        }
        return calculations.Count > 0
            ? string.Join(';', calculations) : string.Join(' ', Word().Matches(text).Select(word => word.Value.ToLowerInvariant()));
    }

    private static string? Canonical(string calculation)
    {
        try
        {
            var tokens = new TokenReader(new AnswerLexer(calculation, new Ambiguities(Thousands: true)).Read());
            var expression = new ExpressionParser(tokens).Sum();
            return tokens.IsAtEnd ? CanonicalForm.Of(expression) : null;
        }
        catch (UnreadableAnswerException)
        {
            return null;
        }
    }

    /// <summary>Numbers joined by signs, with brackets: the longest run that begins and ends with a number or bracket.</summary>
    [GeneratedRegex(@"[(]*[0-9][0-9.,]*([ )]*[-+*/×÷^][ (]*[0-9][0-9.,]*)+[)]*", RegexOptions.NonBacktracking)]
    private static partial Regex Calculation();

    [GeneratedRegex(@"[\p{L}\p{N}]+", RegexOptions.NonBacktracking)]
    private static partial Regex Word();
}
