using System.Text.RegularExpressions;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>Finds the final answer in a response, in time linear in its length whatever it holds. Thread-safe.</summary>
internal static partial class FinalAnswer
{
    private const string ThinkingOpens = "<think>";
    private const int Tail = 1 << 16;
    private const string ThinkingCloses = "</think>";

    /// <summary>The answer as it is written there, trimmed; null where there is none.</summary>
    public static string? Extract(string response, ExtractionOptions options)
    {
        var text = response;
        if (options.AfterThinking)
        {
            var close = text.LastIndexOf(ThinkingCloses, StringComparison.Ordinal);
            if (close >= 0) text = text[(close + ThinkingCloses.Length)..];
            else if (text.Contains(ThinkingOpens, StringComparison.Ordinal)) return null;
        }
        foreach (var place in options.Places)
        {
            if (At(text, place, options) is { Length: > 0 } answer) return answer;
        }
        return null;
    }

    private static string? At(string text, AnswerPlace place, ExtractionOptions options) => place switch
    {
        AnswerPlace.Boxed => BoxedAnswer.Of(text, options.Boxes),
        AnswerPlace.Hashes => Last(Hashes(), text) is { } hashes ? AfterHashes(text.AsSpan(hashes)[4..]) : null,
        AnswerPlace.Phrase => StatedAnswer.Of(text),
        AnswerPlace.Brackets => Last(Bracket(), text) is { } bracket ? text.AsSpan(bracket)[1..^1].Trim().ToString() : null,
        AnswerPlace.LastNumber => Last(Number(), text) is { } number ? Digits(text.AsSpan(number)) : null,
        AnswerPlace.LastLine => text.AsSpan().TrimEnd() is var trimmed ? trimmed[(trimmed.LastIndexOf('\n') + 1)..].Trim().ToString() : null,
        AnswerPlace.Whole => text.Trim(),
        _ => throw new ArgumentOutOfRangeException(nameof(place)),
    };

    /// <summary>The number at the start of a line; all of the line where the number goes on as a fraction or a power.</summary>
    private static string AfterHashes(ReadOnlySpan<char> line)
    {
        var content = line.Trim().Trim("*_`").Trim();
        foreach (var match in HashedNumber().EnumerateMatches(content))
        {
            var rest = content[match.Length..].TrimStart();
            return rest.Length > 0 && rest[0] is '/' or '^' or '\\' or '_' or '×' or '*' ? content.ToString() : Digits(content[..match.Length]);
        }
        return content.ToString();
    }

    /// <summary>The last match, looked for in the last <see cref="Tail"/> characters: a final answer stands at the end.</summary>
    internal static Range? Last(Regex pattern, string text)
    {
        var skipped = Math.Max(0, text.Length - Tail);
        Range? last = null;
        foreach (var match in pattern.EnumerateMatches(text.AsSpan(skipped)))
            last = (skipped + match.Index)..(skipped + match.Index + match.Length);
        return last;
    }

    /// <summary>A number without its separators, currency sign and final point.</summary>
    private static string Digits(ReadOnlySpan<char> number) =>
        number.ToString().Replace(",", "", StringComparison.Ordinal).Replace("$", "", StringComparison.Ordinal).Trim().TrimEnd('.');

    [GeneratedRegex(@"####\s*[*_$]*\s*([-($\\\[.]*[0-9]|-?\\)[^\n]*", RegexOptions.NonBacktracking)]
    private static partial Regex Hashes();

    [GeneratedRegex(@"^-?\$?-?[0-9.,]*[0-9][0-9.,]*", RegexOptions.NonBacktracking)]
    private static partial Regex HashedNumber();

    [GeneratedRegex(@"\[[^\[\]\n]{1,200}\]", RegexOptions.NonBacktracking)]
    private static partial Regex Bracket();

    [GeneratedRegex(@"-?\$?[0-9]+(,[0-9]{3})*(\.[0-9]+)?|-?\$?\.[0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
