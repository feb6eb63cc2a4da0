using System.Globalization;

namespace FlowRL.Checkpoints.Gguf.Vocabulary;

/// <summary>SentencePiece ranks pieces by scores, tokenizer.json pairs by their order: each way from the other.</summary>
internal static class PieceMerges
{
    /// <summary>What stands for a space in pieces.</summary>
    public const string Space = "\u2581";

    private const int LongestPiece = 512;

    /// <summary>Every way in which a piece is two others, the best score first.</summary>
    public static List<string[]> Of(GgufVocabulary vocabulary, IReadOnlyDictionary<string, int> ids)
    {
        var pairs = new List<(float Score, int Piece, int Cut)>();
        for (var id = 0; id < vocabulary.Tokens.Count; id++)
        {
            // What is longer than any piece of text would be cut quadratically.
            if (vocabulary.Types[id] is not (GgufTokenType.Normal or GgufTokenType.UserDefined) || vocabulary.Tokens[id].Length > LongestPiece) continue;
            var piece = vocabulary.Tokens[id];
            for (var cut = 1; cut < piece.Length; cut++)
                if (ids.ContainsKey(piece[..cut]) && ids.ContainsKey(piece[cut..])) pairs.Add((vocabulary.Scores[id], id, cut));
        }
        return [.. pairs.OrderByDescending(pair => pair.Score).ThenBy(pair => pair.Piece).ThenBy(pair => pair.Cut)
            .Select(pair => new[] { vocabulary.Tokens[pair.Piece][..pair.Cut], vocabulary.Tokens[pair.Piece][pair.Cut..] })];
    }

    /// <summary>A score for each token: the earlier its first merge, the better; what no merge makes comes last.</summary>
    public static float[] Scores(IReadOnlyList<string> tokens, IReadOnlyList<GgufTokenType> types, IEnumerable<(string Left, string Right)> merges)
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (left, right) in merges) ranks.TryAdd(left + right, ranks.Count);
        return [.. tokens.Select((token, id) => types[id] != GgufTokenType.Normal ? 0f : -(ranks.TryGetValue(token, out var rank) ? rank : ranks.Count + id))];
    }

    /// <summary>The byte that a token such as &lt;0x0A&gt; stands for; null for other tokens.</summary>
    public static byte? ByteOf(string token) => token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[^1] == '>'
        && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
}
