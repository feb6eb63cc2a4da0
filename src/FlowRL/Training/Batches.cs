namespace FlowRL.Training;

/// <summary>Splits sequences into micro-batches that a forward and backward pass can hold.</summary>
internal static class MicroBatches
{
    /// <summary>
    /// Indices grouped so that each group's packed tokens stay within <paramref name="budget"/> (a longer sequence stands alone).
    /// Sequences with the same prompt stand together, because a pack holds it once; else the longer ones come first, because some
    /// attention kernels pad rows to the longest of a group.
    /// </summary>
    public static IReadOnlyList<int[]> Split(IReadOnlyList<TokenSequence> sequences, int budget) => Fill(sequences, budget,
        Ordered(sequences, Enumerable.Range(0, sequences.Count).GroupBy(index => sequences[index].Prompt, SameTokens.Instance))
            .SelectMany(family => family).Select(index => new[] { index }));

    /// <summary>The sequences themselves, so grouped.</summary>
    public static IReadOnlyList<TokenSequence[]> Of(IReadOnlyList<TokenSequence> sequences, int budget) =>
        [.. Split(sequences, budget).Select(batch => batch.Select(index => sequences[index]).ToArray())];

    /// <summary>
    /// As <see cref="Split(IReadOnlyList{TokenSequence}, int)"/>, with all sequences of the same of <paramref name="groups"/>
    /// together: a group whose tokens exceed the budget stands alone.
    /// </summary>
    public static IReadOnlyList<int[]> Split(IReadOnlyList<TokenSequence> sequences, IReadOnlyList<GroupId> groups, int budget) => Fill(sequences, budget,
        Ordered(sequences, Enumerable.Range(0, sequences.Count).GroupBy(index => groups[index])));

    private static IEnumerable<int[]> Ordered<T>(IReadOnlyList<TokenSequence> sequences, IEnumerable<IGrouping<T, int>> families) => families
        .Select(family => family.OrderByDescending(index => sequences[index].Length).ThenBy(index => index).ToArray())
        .OrderByDescending(family => sequences[family[0]].Length).ThenBy(family => family[0]);

    /// <summary>Puts units, which stay whole, into batches in their order.</summary>
    private static List<int[]> Fill(IReadOnlyList<TokenSequence> sequences, int budget, IEnumerable<int[]> units)
    {
        var batches = new List<int[]>();
        var open = new List<int>();
        var tokens = 0;
        foreach (var unit in units)
        {
            var needed = Tokens(sequences, open.Count > 0 ? open[^1] : null, unit);
            if (open.Count > 0 && tokens + needed > budget)
            {
                batches.Add([.. open]);
                open.Clear();
                (tokens, needed) = (0, Tokens(sequences, null, unit));
            }
            open.AddRange(unit);
            tokens += needed;
        }
        if (open.Count > 0) batches.Add([.. open]);
        return batches;
    }

    /// <summary>Tokens that a unit adds to a pack which ends with the sequence <paramref name="last"/>.</summary>
    private static int Tokens(IReadOnlyList<TokenSequence> sequences, int? last, int[] unit)
    {
        var tokens = 0;
        foreach (var index in unit)
        {
            var sharesPrompt = last is { } before && SameTokens.Instance.Equals(sequences[before].Prompt, sequences[index].Prompt);
            tokens += sharesPrompt ? sequences[index].Response.Length - 1 : sequences[index].Length;
            last = index;
        }
        return tokens;
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

/// <summary>Splits a rollout batch into the mini-batches of one pass.</summary>
internal static class MiniBatches
{
    /// <summary>Indices in random order, <paramref name="size"/> to a mini-batch; the last may be smaller.</summary>
    public static IEnumerable<int[]> Split(int count, int size, ulong seed) => Seeds.Permutation(seed, count).Chunk(size);

    /// <summary>The same with whole groups in random order: a group is never cut, even if it is larger than a mini-batch.</summary>
    public static IEnumerable<int[]> SplitGroups(IReadOnlyList<GroupId> groups, int size, ulong seed)
    {
        int[][] members = [.. Enumerable.Range(0, groups.Count).GroupBy(index => groups[index]).Select(group => group.ToArray())];
        var open = new List<int>();
        foreach (var group in Seeds.Permutation(seed, members.Length))
        {
            if (open.Count > 0 && open.Count + members[group].Length > size)
            {
                yield return [.. open];
                open.Clear();
            }
            open.AddRange(members[group]);
        }
        if (open.Count > 0) yield return [.. open];
    }
}
