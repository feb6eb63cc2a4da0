namespace FlowRL.Training;

/// <summary>Splits sequences into micro-batches that a forward and backward pass can hold.</summary>
public static class MicroBatches
{
    /// <summary>
    /// As <see cref="Split(IReadOnlyList{int}, int)"/>, with all sequences of the same number in <paramref name="groups"/> together: a group
    /// whose tokens exceed the budget stands alone.
    /// </summary>
    public static IReadOnlyList<int[]> Split(IReadOnlyList<int> lengths, IReadOnlyList<long> groups, int budget)
    {
        int[][] members = [.. Enumerable.Range(0, lengths.Count).GroupBy(index => groups[index]).Select(group => group.ToArray())];
        return [.. Split([.. members.Select(group => group.Sum(index => lengths[index]))], budget)
            .Select(batch => batch.SelectMany(group => members[group]).ToArray())];
    }

    /// <summary>
    /// Indices grouped so that each group's tokens stay within <paramref name="budget"/> (a longer sequence stands alone). Sequences of
    /// similar length stand together, because attention pads rows to the longest of a group.
    /// </summary>
    public static IReadOnlyList<int[]> Split(IReadOnlyList<int> lengths, int budget)
    {
        var order = Enumerable.Range(0, lengths.Count).OrderByDescending(index => lengths[index]).ThenBy(index => index);
        var batches = new List<int[]>();
        var open = new List<int>();
        var tokens = 0;
        foreach (var index in order)
        {
            if (open.Count > 0 && tokens + lengths[index] > budget)
            {
                batches.Add([.. open]);
                open.Clear();
                tokens = 0;
            }
            open.Add(index);
            tokens += lengths[index];
        }
        if (open.Count > 0) batches.Add([.. open]);
        return batches;
    }
}
