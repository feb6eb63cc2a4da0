namespace FlowRL.Tokenization;

/// <summary>What two neighbouring tokens become.</summary>
/// <param name="Rank">Lower merges first.</param>
/// <param name="Id">The token that replaces both.</param>
internal readonly record struct Merge(double Rank, int Id);

/// <summary>
/// Byte-pair merging of one word: again and again the neighbours of lowest rank, leftmost first, become one token. A linked list and
/// a heap of candidates keep it at O(n log n), so that a megabyte without a space costs seconds at most.
/// </summary>
internal static class PairMerger
{
    public delegate Merge? MergeOf(int left, int right);

    private readonly record struct Candidate(int Left, int LeftId, int RightId, int Id);

    public static int[] Run(IReadOnlyList<int> symbols, MergeOf mergeOf)
    {
        var count = symbols.Count;
        var ids = symbols.ToArray();
        var next = new int[count];
        var previous = new int[count];
        var queue = new PriorityQueue<Candidate, (double Rank, int Left)>();
        for (var i = 0; i < count; i++)
            (previous[i], next[i]) = (i - 1, i + 1);

        void Offer(int left)
        {
            if (left < 0 || next[left] >= count)
                return;
            var (leftId, rightId) = (ids[left], ids[next[left]]);
            if (mergeOf(leftId, rightId) is { } merge)
                queue.Enqueue(new Candidate(left, leftId, rightId, merge.Id), (merge.Rank, left));
        }

        for (var i = 0; i + 1 < count; i++)
            Offer(i);
        while (queue.TryDequeue(out var candidate, out _))
        {
            var left = candidate.Left;
            var right = next[left];
            // A swallowed symbol has id -1; a changed neighbour makes a candidate stale.
            if (right >= count || ids[left] != candidate.LeftId || ids[right] != candidate.RightId)
                continue;
            ids[left] = candidate.Id;
            ids[right] = -1;
            next[left] = next[right];
            if (next[left] < count)
                previous[next[left]] = left;
            Offer(previous[left]);
            Offer(left);
        }
        return ids.Where(id => id >= 0).ToArray();
    }
}
