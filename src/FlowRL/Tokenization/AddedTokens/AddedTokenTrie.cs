using System.Buffers;

namespace FlowRL.Tokenization.AddedTokens;

/// <summary>Finds added tokens in a text: the leftmost first, the longest of those that start there.</summary>
internal sealed class AddedTokenTrie
{
    private readonly Dictionary<(int Node, char Character), int> _edges = [];
    private readonly List<AddedToken?> _ends = [null];
    private readonly SearchValues<char> _first;

    public AddedTokenTrie(IEnumerable<AddedToken> tokens)
    {
        var first = new HashSet<char>();
        foreach (var token in tokens.Where(t => t.Content.Length > 0))
        {
            first.Add(token.Content[0]);
            var node = 0;
            foreach (var character in token.Content)
            {
                if (!_edges.TryGetValue((node, character), out var next))
                {
                    _edges[(node, character)] = next = _ends.Count;
                    _ends.Add(null);
                }
                node = next;
            }
            _ends[node] ??= token;
        }
        _first = SearchValues.Create([.. first]);
    }

    /// <summary>The next token at or after <paramref name="from"/>; null where there is none.</summary>
    public (int Start, AddedToken Token)? Next(string text, int from)
    {
        while (true)
        {
            var offset = text.AsSpan(from).IndexOfAny(_first);
            if (offset < 0) return null;
            if (LongestAt(text, from + offset) is { } token) return (from + offset, token);
            from += offset + 1;
        }
    }

    private AddedToken? LongestAt(string text, int at)
    {
        var (node, longest) = (0, (AddedToken?)null);
        while (at < text.Length && _edges.TryGetValue((node, text[at]), out node))
        {
            longest = _ends[node] ?? longest;
            at++;
        }
        return longest;
    }
}
