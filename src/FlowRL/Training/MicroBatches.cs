namespace FlowRL.Training;

/// <summary>Splits sequences into micro-batches that a forward and backward pass can hold.</summary>
public static class MicroBatches
{
    /// <summary>
    /// Indices grouped so that each group's packed tokens stay within <paramref name="budget"/> (a longer sequence stands alone).
    /// Sequences with the same prompt stand together, because a pack holds it once; else the longer ones come first, because some
    /// attention kernels pad rows to the longest of a group.
    /// </summary>
    public static IReadOnlyList<int[]> Split(IReadOnlyList<TokenSequence> sequences, int budget)
    {
        var families = Enumerable.Range(0, sequences.Count)
            .GroupBy(index => sequences[index].Prompt, SameTokens.Instance)
            .Select(family => family.OrderByDescending(index => sequences[index].Length).ThenBy(index => index).ToList())
            .OrderByDescending(family => sequences[family[0]].Length).ThenBy(family => family[0]);
        var batches = new List<int[]>();
        var open = new List<int>();
        var tokens = 0;
        foreach (var family in families)
        {
            foreach (var (place, index) in family.Index())
            {
                var (whole, own) = (sequences[index].Length, sequences[index].Response.Length - 1);
                var needed = place == 0 || open.Count == 0 ? whole : own;
                if (open.Count > 0 && tokens + needed > budget)
                {
                    batches.Add([.. open]);
                    open.Clear();
                    (tokens, needed) = (0, whole);
                }
                open.Add(index);
                tokens += needed;
            }
        }
        if (open.Count > 0) batches.Add([.. open]);
        return batches;
    }

    private sealed class SameTokens : IEqualityComparer<int[]>
    {
        public static SameTokens Instance { get; } = new();

        public bool Equals(int[]? a, int[]? b) => a.AsSpan().SequenceEqual(b);

        public int GetHashCode(int[] tokens)
        {
            var hash = new HashCode();
            foreach (var token in tokens) hash.Add(token);
            return hash.ToHashCode();
        }
    }
}
