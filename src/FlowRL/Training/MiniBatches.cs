namespace FlowRL.Training;

/// <summary>Splits a rollout batch into the mini-batches of one pass.</summary>
public static class MiniBatches
{
    /// <summary>Indices in random order, <paramref name="size"/> to a mini-batch; the last may be smaller.</summary>
    public static IEnumerable<int[]> Split(int count, int size, ulong seed) => Seeds.Permutation(seed, count).Chunk(size);

    /// <summary>The same with whole groups in random order: a group is never cut, even if it is larger than a mini-batch.</summary>
    public static IEnumerable<int[]> SplitGroups(IReadOnlyList<long> groups, int size, ulong seed)
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
