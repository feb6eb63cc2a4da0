using System.Buffers;

namespace FlowRL.Tokenization;

/// <summary>A stretch of a text: an added token, or text between two.</summary>
internal readonly record struct Segment(string Text, AddedToken? Token);

/// <summary>Finds added tokens in a text: the leftmost first, the longest of those that start there.</summary>
internal sealed class AddedTokenSplitter
{
    private readonly Dictionary<char, AddedToken[]> _byFirst;
    private readonly SearchValues<char> _first;

    public AddedTokenSplitter(IEnumerable<AddedToken> tokens)
    {
        _byFirst = tokens.Where(t => t.Content.Length > 0).GroupBy(t => t.Content[0])
            .ToDictionary(g => g.Key, g => g.OrderByDescending(t => t.Content.Length).ToArray());
        _first = SearchValues.Create(_byFirst.Keys.ToArray());
    }

    /// <param name="text">Where to find them.</param>
    /// <param name="mayBeSpecial">Whether a special token may stand between two places; anywhere where null.</param>
    public IEnumerable<Segment> Split(string text, Func<int, int, bool>? mayBeSpecial = null)
    {
        var (done, at) = (0, 0);
        while (Next(text, at) is var found and >= 0)
        {
            var token = Match(text, found, mayBeSpecial);
            if (token is null)
            {
                at = found + 1;
                continue;
            }
            var (start, end) = (found, found + token.Content.Length);
            while (token.StripsLeft && start > done && char.IsWhiteSpace(text[start - 1]))
                start--;
            while (token.StripsRight && end < text.Length && char.IsWhiteSpace(text[end]))
                end++;
            if (start > done)
                yield return new Segment(text[done..start], null);
            yield return new Segment(token.Content, token);
            (done, at) = (end, end);
        }
        if (done < text.Length)
            yield return new Segment(done == 0 ? text : text[done..], null);
    }

    private int Next(string text, int from)
    {
        var offset = text.AsSpan(from).IndexOfAny(_first);
        return offset < 0 ? -1 : from + offset;
    }

    private AddedToken? Match(string text, int at, Func<int, int, bool>? mayBeSpecial)
    {
        foreach (var token in _byFirst[text[at]])
        {
            if (text.AsSpan(at).StartsWith(token.Content, StringComparison.Ordinal) && (!token.SingleWord || StandsAlone(text, at, token))
                && (!token.IsSpecial || mayBeSpecial is null || mayBeSpecial(at, at + token.Content.Length)))
                return token;
        }
        return null;
    }

    private static bool StandsAlone(string text, int at, AddedToken token)
    {
        var end = at + token.Content.Length;
        return (at == 0 || !IsWord(text[at - 1])) && (end == text.Length || !IsWord(text[end]));
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
