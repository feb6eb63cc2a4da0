using System.Globalization;
using System.Text;
using FlowRL.Tokenization.Normalizers;

namespace FlowRL.Tokenization.AddedTokens;

/// <summary>A stretch of a text: an added token, or text between two.</summary>
/// <param name="Text">Never empty; the token's own where there is one.</param>
/// <param name="Token">Null for text.</param>
/// <param name="IsFirst">Whether the whole text begins with it.</param>
internal readonly record struct Segment(string Text, AddedToken? Token, bool IsFirst);

/// <summary>
/// Both passes over a text, as Hugging Face makes them: tokens that are not normalised are found in the text as it came, the rest of
/// the text is normalised, and normalised tokens are found in that.
/// </summary>
internal sealed class AddedTokenFinder
{
    private readonly AddedTokenTrie _raw;
    private readonly AddedTokenTrie _normalized;
    private readonly Normalizer _normalizer;

    public AddedTokenFinder(IReadOnlyList<AddedToken> tokens, Normalizer normalizer)
    {
        _normalizer = normalizer;
        _raw = new AddedTokenTrie(tokens.Where(t => !t.Normalized));
        _normalized = new AddedTokenTrie(tokens.Where(t => t.Normalized).Select(t => t with { Content = normalizer.Apply(t.Content) }));
    }

    /// <summary>Added tokens and the normalised text between them, in order.</summary>
    /// <param name="text">Without lone surrogates.</param>
    /// <param name="mayBeSpecial">
    /// Whether the characters from one place to another may be a special token; else they are text, in which no other token is found either.
    /// Places are those of the text for tokens that are not normalised, and of the normalised part for others.
    /// </param>
    public IEnumerable<Segment> Split(string text, Func<int, int, bool> mayBeSpecial)
    {
        foreach (var segment in Split(text, _raw, mayBeSpecial))
        {
            if (segment.Token is not null)
            {
                yield return segment;
                continue;
            }
            foreach (var inner in Split(_normalizer.Apply(segment.Text), _normalized, mayBeSpecial))
                yield return inner with { IsFirst = inner.IsFirst && segment.IsFirst };
        }
    }

    private static IEnumerable<Segment> Split(string text, AddedTokenTrie trie, Func<int, int, bool> mayBeSpecial)
    {
        var (done, at) = (0, 0);
        while (trie.Next(text, at) is var (start, token))
        {
            var end = at = start + token.Content.Length;
            if (token.SingleWord && !StandsAlone(text, start, end)) continue;
            if (token.IsSpecial && !mayBeSpecial(start, end))
            {
                // Where the end may be special, a token that is one may begin before it.
                if (mayBeSpecial(end - 1, end)) at = start + 1;
                continue;
            }
            while (token.StripsLeft && start > done && char.IsWhiteSpace(text[start - 1])) start--;
            while (token.StripsRight && end < text.Length && char.IsWhiteSpace(text[end])) end++;
            if (start > done) yield return new Segment(text[done..start], null, done == 0);
            yield return new Segment(token.Content, token, start == 0);
            done = end;
        }
        if (done < text.Length) yield return new Segment(done == 0 ? text : text[done..], null, done == 0);
    }

    private static bool StandsAlone(string text, int start, int end)
    {
        Rune.DecodeLastFromUtf16(text.AsSpan(0, start), out var before, out _);
        Rune.DecodeFromUtf16(text.AsSpan(end), out var after, out _);
        return !(start > 0 && IsWord(before)) && !(end < text.Length && IsWord(after));
    }

    private static bool IsWord(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;
}
