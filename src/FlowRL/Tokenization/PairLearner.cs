
namespace FlowRL.Tokenization;

/// <summary>
/// Learns byte-pair merges from words and how often each occurs (Sennrich, Haddow and Birch, arXiv 1508.07909, section 3.2): again and
/// again the most frequent pair of neighbours becomes one token.
/// </summary>
/// <remarks>Of equally frequent pairs the one that sorts first by ordinal comparison wins, so that the same words give the same merges.</remarks>
internal sealed class PairLearner
{
    private readonly List<(List<string> Symbols, int Count)> _words;
    private readonly Dictionary<(string Left, string Right), int> _counts = [];
    private readonly Dictionary<(string Left, string Right), HashSet<int>> _wordsOf = [];

    /// <param name="words">Words in the byte alphabet, with their counts.</param>
    public PairLearner(IEnumerable<KeyValuePair<string, int>> words)
    {
        _words = [.. words.Select(word => (word.Key.Select(symbol => symbol.ToString()).ToList(), word.Value))];
        for (var word = 0; word < _words.Count; word++) Count(word, +1);
    }

    /// <summary>Up to <paramref name="most"/> merges, the most frequent pair first. Fewer where no pair occurs twice.</summary>
    public IReadOnlyList<(string Left, string Right)> Learn(int most)
    {
        var merges = new List<(string Left, string Right)>();
        while (merges.Count < most && Best() is { } pair)
        {
            merges.Add(pair);
            foreach (var word in _wordsOf[pair].ToList())
            {
                Count(word, -1);
                Merge(_words[word].Symbols, pair);
                Count(word, +1);
            }
        }
        return merges;
    }

    private (string Left, string Right)? Best()
    {
        ((string Left, string Right) Pair, int Count)? best = null;
        foreach (var (pair, count) in _counts)
        {
            if (count >= 2 && (best is null || count > best.Value.Count || (count == best.Value.Count && Precedes(pair, best.Value.Pair))))
                best = (pair, count);
        }
        return best?.Pair;
    }

    private static bool Precedes((string Left, string Right) a, (string Left, string Right) b) =>
        (string.CompareOrdinal(a.Left, b.Left) is not 0 and var order ? order : string.CompareOrdinal(a.Right, b.Right)) < 0;

    private void Count(int word, int sign)
    {
        var (symbols, count) = _words[word];
        for (var i = 0; i + 1 < symbols.Count; i++)
        {
            var pair = (symbols[i], symbols[i + 1]);
            var sum = _counts.GetValueOrDefault(pair) + sign * count;
            if (sum == 0) _counts.Remove(pair); else _counts[pair] = sum;
            if (!_wordsOf.TryGetValue(pair, out var words)) _wordsOf[pair] = words = [];
            if (sign > 0) words.Add(word); else words.Remove(word);
        }
    }

    private static void Merge(List<string> symbols, (string Left, string Right) pair)
    {
        for (var i = 0; i + 1 < symbols.Count; i++)
        {
            if (symbols[i] != pair.Left || symbols[i + 1] != pair.Right) continue;
            symbols[i] = pair.Left + pair.Right;
            symbols.RemoveAt(i + 1);
        }
    }
}
