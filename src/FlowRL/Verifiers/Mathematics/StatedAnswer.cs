using System.Text.RegularExpressions;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>
/// What a response states in words: after "the answer is", "Answer:", a heading, in an answer's tags, after 答案是. The end of a text is looked at, for a
/// final answer stands there.
/// </summary>
internal static partial class StatedAnswer
{
    private const int Tail = 1 << 16;
    private const string TagOpens = "<answer>";
    private const string TagCloses = "</answer>";

    public static string? Of(string text)
    {
        var tail = text.AsSpan(Math.Max(0, text.Length - Tail)).ToString();
        if (Tagged(tail) is { } tagged) return AfterPhrase(tagged) ?? tagged;
        return AfterPhrase(tail);
    }

    private static string? Tagged(string text)
    {
        var close = text.LastIndexOf(TagCloses, StringComparison.OrdinalIgnoreCase);
        var open = close < 0 ? -1 : text.LastIndexOf(TagOpens, close, StringComparison.OrdinalIgnoreCase);
        return open < 0 || text.AsSpan()[(open + TagOpens.Length)..close].Trim() is not { Length: > 0 } content ? null : content.ToString();
    }

    private static string? AfterPhrase(string text)
    {
        if (FinalAnswer.Last(Phrase(), text) is not { } phrase) return null;
        var rest = text.AsSpan()[phrase.End..].TrimStart(" \t\r\n*_#:：}>=$");
        // A dollar that was trimmed away is one of a pair; the verifier reads what is left.
        var line = rest.IndexOf('\n') is >= 0 and var end ? rest[..end] : rest;
        return Value(line[..SentenceEnd(line)].Trim(" *:$\"'`").ToString());
    }

    /// <summary>A full stop that ends a sentence: followed by a space or the end, and not within a number.</summary>
    private static int SentenceEnd(ReadOnlySpan<char> line)
    {
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '。' || (line[i] == '.' && (i + 1 == line.Length || line[i + 1] is ' ' or '*' or '$' or '<'))) return i;
        }
        return line.Length;
    }

    /// <summary>The value of what may still be a sentence: "therefore 73", "the largest n is 34", "A because 3 > 2".</summary>
    private static string Value(string sentence)
    {
        foreach (var match in Reason().EnumerateMatches(sentence))
        {
            if (match.Index == 0) break;
            sentence = sentence.AsSpan(0, match.Index).TrimEnd(" ,，").ToString();
            break;
        }
        foreach (var match in Lead().EnumerateMatches(sentence))
        {
            sentence = sentence.AsSpan(match.Length).TrimStart(" *:$").ToString();
            break;
        }
        if (!IsSentence().IsMatch(sentence)) return sentence;
        return FinalAnswer.Last(Verb(), sentence) is { } verb && sentence.AsSpan()[verb.End..].Trim(" *:$\"'`") is { Length: > 0 } value
            ? value.ToString() : sentence;
    }

    [GeneratedRegex(@"(?i)\b(answers?|result|(correct|right|best) (option|choice|statement)|option|choice)( to (the|this) (question|problem))? "
        + @"(is|are|will be|should be|would be|must be):?|\banswers?[*_}\s]*(:|：|=)|\banswers?\*\*|"
        + @"(^|\n)[#*_ \t]*(the )?((final|correct) )?answer[*_ \t]*\r?\n|(^|\n)\s*A:|答案(是|为|应为|应该是)?\s*[:：]?|(故|应|因此|所以)选\s*[:：]?",
        RegexOptions.NonBacktracking)]
    private static partial Regex Phrase();

    [GeneratedRegex(@"(?i)[,，]? (because|since|as (the|it|we|this)|which|so that|due to|where)\b|因为|[,，] *(which|because)", RegexOptions.NonBacktracking)]
    private static partial Regex Reason();

    [GeneratedRegex(@"(?i)^((therefore|thus|then|hence|so|simply|just|clearly|indeed|also|now|actually|given by|equal to|in fact|that|exactly|"
        + @"(the )?(correct )?(option|choice)),? +)+",
        RegexOptions.NonBacktracking)]
    private static partial Regex Lead();

    /// <summary>Begins with a word of two letters or more, and goes on.</summary>
    [GeneratedRegex(@"^[A-Za-z]{2,}[ ,]|^[A-Za-z]\$? (is|are|equals) |^[\u4E00-\u9FFF]{2,}.*[0-9]", RegexOptions.NonBacktracking)]
    private static partial Regex IsSentence();

    [GeneratedRegex(@"(?i) (is|are|equals|equal to|was|be) |[是为]", RegexOptions.NonBacktracking)]
    private static partial Regex Verb();
}
