using FlowRL.Tokenization.SentencePiece;

namespace FlowRL.Checkpoints.Gguf.Vocabulary;

/// <summary>SentencePiece ranks pieces by scores, tokenizer.json pairs of pieces by their order.</summary>
internal static class PieceScores
{
    /// <summary>What stands for a space in pieces.</summary>
    public const string Space = "\u2581";

    /// <summary>A score for each token: the earlier its first merge, the better; what no merge makes comes last.</summary>
    public static float[] Of(IReadOnlyList<string> tokens, IReadOnlyList<PieceKind> kinds, IEnumerable<(string Left, string Right)> merges)
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (left, right) in merges) ranks.TryAdd(left + right, ranks.Count);
        return [.. tokens.Select((token, id) => kinds[id] != PieceKind.Normal ? 0f : -(ranks.TryGetValue(token, out var rank) ? rank : ranks.Count + id))];
    }
}
