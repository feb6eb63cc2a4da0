using System.Text;
using FlowRL.Tokenization.Normalizers;

namespace FlowRL.Tokenization.Templates;

/// <summary>
/// Where in a text each of its tokens stands: tokens are followed through the text that they decode to. That may differ from the text
/// itself by white space, which some special tokens take and some vocabularies add, and by accents that were composed.
/// </summary>
internal static class TokenPlaces
{
    /// <returns>For each id the UTF-16 units that it has a part in; a character of several tokens is in each.</returns>
    /// <exception cref="BadInputException">The tokenizer changes texts in other ways.</exception>
    public static IReadOnlyList<(int Start, int End)> Of(ITokenizer tokenizer, int[] ids, string text)
    {
        var (decoded, spans) = Decode(tokenizer, ids);
        var map = Follow(text, decoded) ?? FollowComposed(text, decoded) ?? throw new BadInputException(
            "The tokenizer changes texts so that places in them are lost, and training on an assistant's turns alone needs these; take another tokenizer.");
        return [.. spans.Select(span => (map[span.Start], map[span.End]))];
    }

    /// <summary>The text of all tokens, and for each the characters of it that it has a part in.</summary>
    private static (string Text, List<(int Start, int End)> Spans) Decode(ITokenizer tokenizer, int[] ids)
    {
        var (text, spans, decoder) = (new StringBuilder(), new List<(int, int)>(ids.Length), Encoding.UTF8.GetDecoder());
        foreach (var id in ids)
        {
            var start = text.Length;
            var bytes = tokenizer.Bytes(id);
            var characters = new char[bytes.Length + 2];
            text.Append(characters, 0, decoder.GetChars(bytes, characters, flush: false));
            // What is left in the decoder is the head of a character that the next token ends.
            var isOpen = decoder.GetCharCount([], flush: true) > 0;
            spans.Add((start, text.Length + (isOpen ? 1 : 0)));
        }
        var last = new char[2];
        text.Append(last, 0, decoder.GetChars([], last, flush: true));
        return (text.ToString(), spans.ConvertAll(span => (Math.Min(span.Item1, text.Length), Math.Min(span.Item2, text.Length))));
    }

    /// <summary>For each place of the decoded text, and its end, the one in the text; null where they differ by more than white space.</summary>
    private static int[]? Follow(string text, string decoded)
    {
        var (map, at) = (new int[decoded.Length + 1], 0);
        for (var i = 0; i < decoded.Length; i++)
        {
            if (at < text.Length && text[at] != decoded[i] && char.IsWhiteSpace(text[at]) && !char.IsWhiteSpace(decoded[i]))
                while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
            map[i] = at;
            if (at < text.Length && text[at] == decoded[i]) at++;
            else if (!char.IsWhiteSpace(decoded[i])) return null;
        }
        map[^1] = at;
        return text.AsSpan(at).IsWhiteSpace() ? map : null;
    }

    /// <summary>The same where accents were composed: through the composed text, whose places are those of what was composed.</summary>
    private static int[]? FollowComposed(string text, string decoded)
    {
        var (composed, origins) = (new StringBuilder(), new List<int>());
        for (var at = 0; at < text.Length;)
        {
            var end = at + 1;
            while (end < text.Length && !StartsAnew(text, end)) end++;
            var part = CanonicalComposition.Compose(text[at..end]);
            composed.Append(part);
            for (var i = 0; i < part.Length; i++) origins.Add(Math.Min(at + i, end - 1));
            at = end;
        }
        origins.Add(text.Length);
        return Follow(composed.ToString(), decoded)?.Select(place => origins[place]).ToArray();
    }

    /// <summary>Whether nothing before composes with what stands here: ASCII composes with nothing before it.</summary>
    private static bool StartsAnew(string text, int at) => char.IsAscii(text[at]);
}
