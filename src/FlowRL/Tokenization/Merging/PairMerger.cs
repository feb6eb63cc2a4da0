namespace FlowRL.Tokenization.Merging;

/// <summary>What two neighbouring tokens become.</summary>
/// <param name="Rank">Lower merges first.</param>
/// <param name="Id">The token that replaces both.</param>
internal readonly record struct Merge(double Rank, int Id);

/// <summary>Knows which neighbours merge.</summary>
internal interface IMerges
{
    bool TryMerge(int left, int right, out Merge merge);
}

/// <summary>
/// Byte-pair merging of one piece: again and again the neighbours of lowest rank, leftmost first, become one token. Short pieces are
/// looked through each time; for long ones a linked list and a heap of candidates keep it at O(n log n), so that a megabyte without
/// a space costs seconds at most.
/// </summary>
internal static class PairMerger
{
    /// <summary>Pieces of so many symbols are short: most words of any language.</summary>
    public const int LongestShort = 40;

    private readonly record struct Candidate(int Left, int LeftId, int RightId, int Id);

    /// <summary>Merges in place.</summary>
    /// <returns>How many ids are left, at the beginning of <paramref name="ids"/>.</returns>
    public static int Run<TMerges>(Span<int> ids, TMerges merges) where TMerges : IMerges =>
        ids.Length <= LongestShort ? RunShort(ids, merges) : RunLong(ids, merges);

    public static int RunShort<TMerges>(Span<int> ids, TMerges merges) where TMerges : IMerges
    {
        Span<double> ranks = stackalloc double[ids.Length]; // of each symbol with the one behind it
        Span<int> merged = stackalloc int[ids.Length];
        var count = ids.Length;
        for (var i = 0; i < count - 1; i++) (ranks[i], merged[i]) = Rank(merges, ids[i], ids[i + 1]);
        while (count > 1)
        {
            var (best, rank) = (0, ranks[0]);
            for (var i = 1; i < count - 1; i++)
            {
                if (ranks[i] < rank) (best, rank) = (i, ranks[i]);
            }
            if (double.IsPositiveInfinity(rank)) break;
            ids[best] = merged[best];
            ids[(best + 2)..count].CopyTo(ids[(best + 1)..]);
            ranks[(best + 1)..count].CopyTo(ranks[best..]);
            merged[(best + 1)..count].CopyTo(merged[best..]);
            count--;
            if (best < count - 1) (ranks[best], merged[best]) = Rank(merges, ids[best], ids[best + 1]);
            if (best > 0) (ranks[best - 1], merged[best - 1]) = Rank(merges, ids[best - 1], ids[best]);
        }
        return count;
    }

    public static int RunLong<TMerges>(Span<int> symbols, TMerges merges) where TMerges : IMerges
    {
        var count = symbols.Length;
        var ids = symbols.ToArray();
        var next = new int[count];
        var previous = new int[count];
        var queue = new PriorityQueue<Candidate, (double Rank, int Left)>(count);
        for (var i = 0; i < count; i++) (previous[i], next[i]) = (i - 1, i + 1);

        void Offer(int left)
        {
            if (left < 0 || next[left] >= count) return;
            var (leftId, rightId) = (ids[left], ids[next[left]]);
            if (merges.TryMerge(leftId, rightId, out var merge))
                queue.Enqueue(new Candidate(left, leftId, rightId, merge.Id), (merge.Rank, left));
        }

        for (var i = 0; i + 1 < count; i++) Offer(i);
        while (queue.TryDequeue(out var candidate, out _))
        {
            var left = candidate.Left;
            var right = next[left];
            // A swallowed symbol has id -1; a changed neighbour makes a candidate stale.
            if (right >= count || ids[left] != candidate.LeftId || ids[right] != candidate.RightId) continue;
            ids[left] = candidate.Id;
            ids[right] = -1;
            next[left] = next[right];
            if (next[left] < count) previous[next[left]] = left;
            Offer(previous[left]);
            Offer(left);
        }
        var kept = 0;
        foreach (var id in ids)
        {
            if (id >= 0) symbols[kept++] = id;
        }
        return kept;
    }

    private static (double Rank, int Id) Rank<TMerges>(TMerges merges, int left, int right) where TMerges : IMerges =>
        merges.TryMerge(left, right, out var merge) ? (merge.Rank, merge.Id) : (double.PositiveInfinity, -1);
}
