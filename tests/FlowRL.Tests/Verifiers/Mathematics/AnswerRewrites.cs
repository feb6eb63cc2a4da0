using System.Globalization;
using System.Text.RegularExpressions;

namespace FlowRL.Tests.Verifiers.Mathematics;

/// <summary>Other ways to write an answer that mean the same. Each gives null where it does not apply.</summary>
internal static partial class AnswerRewrites
{
    public static readonly IReadOnlyDictionary<string, Func<string, string?>> All = new Dictionary<string, Func<string, string?>>
    {
        ["dfrac"] = answer => Changed(answer, answer.Replace(@"\frac", @"\dfrac", StringComparison.Ordinal)),
        ["spaces around signs"] = answer => Changed(answer, Signs().Replace(answer, " $0 ")),
        ["thin spaces"] = answer => answer.Contains('+', StringComparison.Ordinal) ? answer.Replace("+", @"\,+\;", StringComparison.Ordinal) : null,
        ["left and right"] = answer => answer.Contains(@"\left", StringComparison.Ordinal)
            ? answer.Replace(@"\left", "", StringComparison.Ordinal).Replace(@"\right", "", StringComparison.Ordinal)
            : answer.Contains(@"\text", StringComparison.Ordinal) ? null : Changed(answer, answer.Replace("(", @"\left(", StringComparison.Ordinal).Replace(")", @"\right)", StringComparison.Ordinal)),
        ["dollars around"] = answer => $"${answer}$",
        ["a full stop"] = answer => $"{answer}.",
        ["a slash for a fraction"] = answer => Fraction().Match(answer) is { Success: true } match ? $"{match.Groups[1]}{match.Groups[2]}/{match.Groups[3]}" : null,
        ["decimal of a terminating fraction"] = Decimal,
        ["fraction of a decimal"] = answer => DecimalNumber().IsMatch(answer) && decimal.Parse(answer, CultureInfo.InvariantCulture) is var value
            ? $@"\frac{{{(value * 1000000).ToString("0", CultureInfo.InvariantCulture)}}}{{1000000}}" : null,
        ["terms in another order"] = Reordered,
        ["tuple spacing"] = answer => answer.StartsWith('(') && answer.Contains(',', StringComparison.Ordinal) ? answer.Replace(",", " ,  ", StringComparison.Ordinal) : null,
        ["units dropped"] = answer => Unit().Match(answer) is { Success: true } match ? match.Groups[1].Value : null,
        ["units added"] = answer => Whole().IsMatch(answer) ? $@"{answer}\text{{ units}}" : null,
        ["thousands separated"] = answer => Whole().IsMatch(answer) && answer.Length is > 3 and < 16 && answer[0] != '-'
            ? long.Parse(answer, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture) : null,
        ["a name before"] = answer => Whole().IsMatch(answer) ? $"x = {answer}" : null,
        ["cdot for a product"] = answer => Coefficient().Match(answer) is { Success: true } match ? $@"{match.Groups[1]}\cdot {match.Groups[2]}" : null,
    };

    private static string? Changed(string before, string after) => before == after ? null : after;

    private static string? Decimal(string answer)
    {
        if (Fraction().Match(answer) is not { Success: true } match) return null;
        var (top, bottom) = (long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), long.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture));
        var rest = bottom;
        while (rest % 2 == 0 && rest > 0) rest /= 2;
        while (rest % 5 == 0 && rest > 0) rest /= 5;
        return rest == 1 ? match.Groups[1].Value + ((decimal)top / bottom).ToString(CultureInfo.InvariantCulture) : null;
    }

    /// <summary>A sum without brackets, its terms the other way round.</summary>
    private static string? Reordered(string answer)
    {
        if (!Sum().IsMatch(answer)) return null;
        var terms = Term().Matches(answer.Replace(" ", "", StringComparison.Ordinal)).Select(match => match.Value).Reverse().ToList();
        return string.Concat(terms.Select((term, i) => term[0] is '+' or '-' ? i == 0 ? term.TrimStart('+') : term : $"{(i == 0 ? "" : "+")}{term}"));
    }

    [GeneratedRegex(@"(?<=[0-9a-z}])[-+=](?=[0-9a-z\\])")]
    private static partial Regex Signs();

    [GeneratedRegex(@"^(-?)\\[dt]?frac\{(\d{1,9})\}\{(\d{1,9})\}$")]
    private static partial Regex Fraction();

    [GeneratedRegex(@"^\d{1,9}\.\d{1,6}$")]
    private static partial Regex DecimalNumber();

    [GeneratedRegex(@"^(-?[\d.]+) *\\(?:text|mathrm|mbox)\{[^{}()]+\}(?:\^\{?\d\}?)?$")]
    private static partial Regex Unit();

    [GeneratedRegex(@"^-?\d+$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^(\d+)((?:\\sqrt\{?\d+\}?|\\pi))$")]
    private static partial Regex Coefficient();

    [GeneratedRegex(@"^-?[0-9a-z^{}]+( *[-+] *[0-9a-z^{}]+)+$")]
    private static partial Regex Sum();

    [GeneratedRegex(@"[-+]?[0-9a-z]+(\^(\{[^{}]*\}|.))?")]
    private static partial Regex Term();
}
