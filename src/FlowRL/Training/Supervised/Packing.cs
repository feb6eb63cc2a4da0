namespace FlowRL.Training.Supervised;

/// <summary>
/// Puts lengths into packs of one capacity: the longest first, each into the fullest pack that still has room for it (best fit decreasing). It takes at
/// most 11/9 of the fewest packs possible, and one more.
/// </summary>
internal static class Packing
{
    /// <param name="lengths">Each from 1 to <paramref name="capacity"/>.</param>
    /// <param name="capacity">Of a pack.</param>
    /// <returns>The places of the lengths in each pack, each place once. How many packs there are does not depend on the order of the lengths.</returns>
    public static IReadOnlyList<int[]> BestFit(IReadOnlyList<int> lengths, int capacity)
    {
        var (packs, open) = (new List<List<int>>(), new SortedSet<(int Room, int Pack)>());
        foreach (var place in Enumerable.Range(0, lengths.Count).OrderByDescending(place => lengths[place]))
        {
            var length = lengths[place];
            if (length < 1 || length > capacity) throw new ArgumentOutOfRangeException(nameof(lengths), length, $"A pack has room for 1 to {capacity}.");
            var fit = open.GetViewBetween((length, 0), (capacity, int.MaxValue)).Min;
            if (fit.Room == 0) // none has room
            {
                fit = (capacity, packs.Count);
                packs.Add([]);
            }
            else open.Remove(fit);
            packs[fit.Pack].Add(place);
            if (fit.Room > length) open.Add((fit.Room - length, fit.Pack));
        }
        return [.. packs.Select(pack => pack.ToArray())];
    }
}

/// <summary>How examples share a pass over the layers.</summary>
public enum PackingRule
{
    /// <summary>A batch counts examples; as many as fit the token budget share a pass, those of a step among themselves.</summary>
    None,

    /// <summary>A batch counts packs: those that all examples of an epoch make, best fit decreasing, each as large as the token budget.</summary>
    BestFit,
}
