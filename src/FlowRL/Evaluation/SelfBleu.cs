namespace FlowRL.Evaluation;

/// <summary>
/// Self-BLEU (Zhu et al. 2018, "Texygen"): the mean over texts of the BLEU of each against all others (Papineni et al. 2002: the geometric mean of clipped
/// precisions of runs of 1 to 4 words, times the brevity penalty by the reference of the closest length, the shorter of equals). High where
/// texts repeat each other. A precision of 0 counts as 0.1 by the number of runs, as usual for single sentences (Chen and Cherry 2014,
/// smoothing 1); a text without a word in common with any other has 0; texts shorter than 4 words have runs up to their length.
/// </summary>
internal static class SelfBleu
{
    private const int Longest = 4;
    private const double Smallest = 0.1;

    /// <summary>In [0, 1]; 1 for equal texts. NaN for fewer than two texts.</summary>
    public static double Of(IReadOnlyList<string> texts)
    {
        if (texts.Count < 2) return double.NaN;
        var words = texts.Select(TextWords.Of).ToList();
        var runs = Enumerable.Range(1, Longest).Select(length => words.Select(text => TextWords.Runs(text, length)).ToList()).ToList();
        var most = runs.Select(Most).ToList();
        return Enumerable.Range(0, texts.Count).Average(i => Bleu(i, words, runs, most));
    }

    private static double Bleu(int text, List<IReadOnlyList<string>> words, List<List<IReadOnlyDictionary<string, int>>> runs,
        List<Dictionary<string, (int First, int Owner, int Second)>> most)
    {
        var length = words[text].Count;
        if (length == 0) return words.Where((_, i) => i != text).Any(other => other.Count == 0) ? 1 : 0;
        var orders = Math.Min(Longest, length);
        var logs = 0.0;
        for (var order = 0; order < orders; order++)
        {
            // In the others a run stands at most as often as in that with the most of it, or the second where that is this text itself.
            var matches = runs[order][text].Sum(run =>
                Math.Min(run.Value, most[order][run.Key] is var (first, owner, second) && owner == text ? second : first));
            if (matches == 0 && order == 0) return 0;
            logs += Math.Log((matches == 0 ? Smallest : matches) / (length - order));
        }
        var closest = words.Where((_, i) => i != text).Select(other => other.Count).MinBy(other => (Math.Abs(other - length), other));
        return Math.Exp(logs / orders) * (length >= closest ? 1 : Math.Exp(1 - (double)closest / length));
    }

    /// <summary>Of each run the most that one text has of it, which text, and the most of the rest.</summary>
    private static Dictionary<string, (int First, int Owner, int Second)> Most(List<IReadOnlyDictionary<string, int>> texts)
    {
        var most = new Dictionary<string, (int First, int Owner, int Second)>(StringComparer.Ordinal);
        foreach (var (i, runs) in texts.Index())
        {
            foreach (var (run, count) in runs)
            {
                var (first, owner, second) = most.GetValueOrDefault(run);
                most[run] = count > first ? (count, i, first) : (first, owner, Math.Max(second, count));
            }
        }
        return most;
    }
}
