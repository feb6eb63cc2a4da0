using System.Text.Json;

namespace FlowRL.Tokenization.Merging;

/// <summary>The merges of a vocabulary, by the ids of the two tokens.</summary>
internal sealed class MergeTable : IMerges
{
    private readonly Dictionary<ulong, Merge> _merges;

    private MergeTable(Dictionary<ulong, Merge> merges) => _merges = merges;

    public bool TryMerge(int left, int right, out Merge merge) => _merges.TryGetValue(Key(left, right), out merge);

    /// <summary>The pairs that merge.</summary>
    public IEnumerable<(int Left, int Right)> Pairs => _merges.Keys.Select(key => ((int)(key >> 32), (int)key));

    /// <summary>A list of merges, the first of which comes first; each is written "a b" or ["a", "b"].</summary>
    public static MergeTable Read(JsonPlace list, IReadOnlyDictionary<string, int> ids)
    {
        var merges = new Dictionary<ulong, Merge>();
        foreach (var entry in list.Items())
        {
            var parts = Parts(entry);
            if (parts.Length != 2) throw entry.Wrong($"has {parts.Length} parts, a merge has two");
            int IdOf(string token) => ids.TryGetValue(token, out var id) ? id
                : throw entry.Wrong($"names \"{token}\", which is not in the vocabulary");
            var (left, right) = (IdOf(parts[0]), IdOf(parts[1]));
            merges[Key(left, right)] = new Merge(merges.Count, IdOf(parts[0] + parts[1]));
        }
        return new MergeTable(merges);
    }

    /// <summary>What a merge joins, written "a b" or ["a", "b"].</summary>
    public static string[] Parts(JsonPlace merge) => merge.Kind == JsonValueKind.Array ? [.. merge.Items().Select(part => part.Text)] : merge.Text.Split(' ');

    /// <summary>SentencePiece's rule: two pieces merge where their texts together are a piece, and the one with the highest score comes first.</summary>
    /// <param name="pieces">Texts that take part in merging, with ids and finite scores.</param>
    public static MergeTable OfScores(Dictionary<string, (int Id, float Score)> pieces)
    {
        var merges = new Dictionary<ulong, Merge>();
        var lookup = pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (text, (id, score)) in pieces)
        {
            for (var cut = 1; cut < text.Length; cut++)
            {
                if (lookup.TryGetValue(text.AsSpan(0, cut), out var left) && lookup.TryGetValue(text.AsSpan(cut), out var right))
                    merges[Key(left.Id, right.Id)] = new Merge(-score, id);
            }
        }
        return new MergeTable(merges);
    }

    private static ulong Key(int left, int right) => (ulong)(uint)left << 32 | (uint)right;
}
