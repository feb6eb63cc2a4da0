using System.Text.RegularExpressions;

namespace FlowRL.Tests.Verifiers.Mathematics;

/// <summary>Answers that are nearly right and wrong all the same. Each gives null where it does not apply.</summary>
internal static partial class NearMisses
{
    public static readonly IReadOnlyDictionary<string, Func<string, IReadOnlyList<string>, int, string?>> All =
        new Dictionary<string, Func<string, IReadOnlyList<string>, int, string?>>
        {
            ["a sign"] = (answer, _, seed) => Sign(answer, seed),
            ["a digit"] = (answer, _, seed) => Digit(answer, seed),
            ["swapped coordinates"] = (answer, _, _) => Pair().Match(answer) is { Success: true } match && match.Groups[2].Value != match.Groups[3].Value
                ? $"{match.Groups[1]}{match.Groups[3]},{match.Groups[2]}{match.Groups[4]}" : null,
            ["another problem's answer"] = (answer, others, seed) =>
            {
                var sameKind = others.Where(other => Kind(other) == Kind(answer) && other != answer).ToList();
                return sameKind.Count == 0 ? null : sameKind[Seeds.Below((ulong)seed, 1, sameKind.Count)];
            },
        };

    /// <summary>A minus taken away or put before the answer; 0 and ± have no other sign.</summary>
    private static string? Sign(string answer, int seed)
    {
        if (!answer.Any(char.IsAsciiDigit) || answer.Contains(@"\pm", StringComparison.Ordinal) || answer.Trim('0', '.', '%', '\\') == "" || answer.Contains('=', StringComparison.Ordinal)) return null;
        var minus = Minus().Matches(answer).ToList();
        if (minus.Count > 0 && seed % 2 == 0)
        {
            var at = minus[Seeds.Below((ulong)seed, 0, minus.Count)].Index;
            return answer[..at] + (at == 0 ? "" : answer[at - 1] is '(' or ',' or '[' or '{' ? "" : "+") + answer[(at + 1)..];
        }
        return Simple().IsMatch(answer) ? $"-{answer}" : null;
    }

    private static string? Digit(string answer, int seed)
    {
        var digits = answer.Index().Where(pair => char.IsAsciiDigit(pair.Item)).Select(pair => pair.Index).ToList();
        if (digits.Count == 0) return null;
        var at = digits[Seeds.Below((ulong)seed, 0, digits.Count)];
        var other = (answer[at] - '0' + 1 + Seeds.Below((ulong)seed, 1, 9)) % 10;
        return $"{answer[..at]}{other}{answer[(at + 1)..]}";
    }

    private static string Kind(string answer) =>
        Regex.IsMatch(answer, @"^-?\d+$") ? "whole" : Regex.IsMatch(answer, @"^-?\\[dt]?frac\{\d+\}\{\d+\}$") ? "fraction"
        : answer.StartsWith('(') ? "tuple" : answer.StartsWith(@"\text", StringComparison.Ordinal) ? "text" : answer.Any(char.IsAsciiLetterLower) ? "expression" : "other";

    [GeneratedRegex(@"^([(\[])([^,()\[\]]+),([^,()\[\]]+)([)\]])$")]
    private static partial Regex Pair();

    [GeneratedRegex(@"-(?=[0-9a-z\\(])")]
    private static partial Regex Minus();

    [GeneratedRegex(@"^[0-9\\][^-+,=]*$")]
    private static partial Regex Simple();
}
