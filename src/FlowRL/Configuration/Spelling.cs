namespace FlowRL.Configuration;

/// <summary>The nearest valid name to a misspelt one.</summary>
public static class Spelling
{
    private const int Longest = 64;
    private const int ShortestBeginning = 3;

    /// <summary>
    /// The candidate with the smallest distance, when that is at most a third of the name's length (and at least 1 for short names); else
    /// the one that begins with the name; null when none is near. The first of equals wins.
    /// </summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        if (name.Length > Longest) return null;
        var limit = Math.Max(1, name.Length / 3);
        var bounded = candidates.Where(c => c.Length <= Longest).ToArray();
        var best = bounded
            .Select(c => (Candidate: c, Distance: Distance(name, c)))
            .DefaultIfEmpty((Candidate: "", Distance: int.MaxValue))
            .MinBy(c => c.Distance);
        return best.Distance <= limit ? best.Candidate
            : name.Length < ShortestBeginning ? null
            : bounded.FirstOrDefault(c => c.StartsWith(name, StringComparison.Ordinal));
    }

    /// <summary>
    /// Damerau–Levenshtein distance in its restricted form (optimal string alignment): insertions, deletions, substitutions and swaps of
    /// neighbours cost 1 each.
    /// </summary>
    public static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(substitution, 1 + Math.Min(d[i - 1, j], d[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], 1 + d[i - 2, j - 2]);
            }
        }
        return d[a.Length, b.Length];
    }
}
