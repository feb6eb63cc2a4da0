namespace FlowRL.Objectives.PolicyGradient.Variety;

/// <summary>Sets of k among the responses of a group.</summary>
internal static class Subsets
{
    /// <summary>C(part, k) / C(all, k): the share of sets of k that lie in a part; 1 for k = 0, 0 where the part is too small.</summary>
    public static double Share(int part, int all, int k)
    {
        if (part < k) return 0;
        var share = 1.0;
        for (var i = 0; i < k; i++) share *= (double)(part - i) / (all - i);
        return share;
    }

    /// <summary>C(all, k), or infinity where that is no number of this kind.</summary>
    public static double Count(int all, int k) => Enumerable.Range(0, k).Aggregate(1.0, (count, i) => count * (all - i) / (i + 1));

    /// <summary>Every set of k of 0 to all − 1, ascending; the same array each time.</summary>
    public static IEnumerable<int[]> Each(int all, int k)
    {
        int[] set = [.. Enumerable.Range(0, k)];
        while (true)
        {
            yield return set;
            var place = k - 1;
            while (place >= 0 && set[place] == all - k + place) place--;
            if (place < 0) yield break;
            set[place]++;
            for (var i = place + 1; i < k; i++) set[i] = set[i - 1] + 1;
        }
    }
}
