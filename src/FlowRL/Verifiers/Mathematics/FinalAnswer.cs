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
            if (At(text, place) is { Length: > 0 } answer) return answer;
        }
        return null;
    }

    private static string? At(string text, AnswerPlace place) => place switch
    {
        AnswerPlace.Boxed => Boxed(text),
        AnswerPlace.Hashes => Last(Hashes(), text) is { } hashes ? Digits(text.AsSpan(hashes)[4..]) : null,
        AnswerPlace.Phrase => AfterPhrase(text),
        AnswerPlace.Brackets => Last(Bracket(), text) is { } bracket ? text.AsSpan(bracket)[1..^1].Trim().ToString() : null,
        AnswerPlace.LastNumber => Last(Number(), text) is { } number ? Digits(text.AsSpan(number)) : null,
        AnswerPlace.LastLine => text.AsSpan().TrimEnd() is var trimmed ? trimmed[(trimmed.LastIndexOf('\n') + 1)..].Trim().ToString() : null,
        AnswerPlace.Whole => text.Trim(),
        _ => throw new ArgumentOutOfRangeException(nameof(place)),
    };

    /// <summary>The content of the box that opens last among those that close.</summary>
    private static string? Boxed(string text)
    {
        var opened = new Stack<int>(); // where the content of each open brace begins; −1 − that for braces of no box
        (int Start, int End)? last = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++; // \{ and \} are signs; a command's name holds no brace
            }
            else if (text[i] == '{')
            {
                opened.Push(IsBox(text.AsSpan(0, i)) ? i + 1 : -1);
            }
            else if (text[i] == '}' && opened.TryPop(out var start) && start >= 0 && (last is null || start > last.Value.Start))
            {
                last = (start, i);
            }
        }
        if (last is { } box) return text[box.Start..box.End].Trim();
        return Last(UnbracedBox(), text) is { } bare ? text.AsSpan(bare)["\\boxed".Length..].Trim().ToString() : null;
    }

    private static bool IsBox(ReadOnlySpan<char> before)
    {
        var name = before[^Math.Min(before.Length, 16)..].TrimEnd(' ');
        return name.EndsWith("\\boxed", StringComparison.Ordinal) || name.EndsWith("\\fbox", StringComparison.Ordinal);
    }

    private static string? AfterPhrase(string text)
    {
        if (Last(Phrase(), text) is not { } phrase) return null;
        var rest = text.AsSpan()[phrase.End..];
        var line = rest.IndexOf('\n') is >= 0 and var end ? rest[..end] : rest;
        var stop = SentenceEnd(line);
        return line[..stop].Trim(" *:$\"'").ToString();
    }

    /// <summary>A full stop that ends a sentence: followed by a space or the end, and not within a number.</summary>
    private static int SentenceEnd(ReadOnlySpan<char> line)
    {
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '.' && (i + 1 == line.Length || line[i + 1] is ' ' or '*' or '$')) return i;
        }
        return line.Length;
    }

    /// <summary>The last match, looked for in the last <see cref="Tail"/> characters: a final answer stands at the end.</summary>
    private static Range? Last(Regex pattern, string text)
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

    [GeneratedRegex(@"####\s*-?\$?-?[0-9.,]*[0-9][0-9.,]*", RegexOptions.NonBacktracking)]
    private static partial Regex Hashes();

    [GeneratedRegex(@"\[[^\[\]\n]{1,200}\]", RegexOptions.NonBacktracking)]
    private static partial Regex Bracket();

    [GeneratedRegex(@"-?\$?[0-9]+(,[0-9]{3})*(\.[0-9]+)?|-?\$?\.[0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex Number();

    [GeneratedRegex(@"(?i)\b(answer|result) is:?|\banswer:|(^|\n)\s*A:", RegexOptions.NonBacktracking)]
    private static partial Regex Phrase();

    [GeneratedRegex(@"\\boxed +[^\s${}\\]+", RegexOptions.NonBacktracking)]
    private static partial Regex UnbracedBox();
}
