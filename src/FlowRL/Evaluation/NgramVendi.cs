namespace FlowRL.Evaluation;

/// <summary>
/// The Vendi score (Friedman and Dieng 2023, arXiv 2210.02410) with a kernel of words: exp(−Σ λ log λ) over the eigenvalues λ of K/n, K the mean
/// of the cosines between counts of single words and between counts of pairs of neighbours. The number of texts that are effectively different:
/// 1 for equal texts, n for n texts without a word in common.
/// </summary>
internal static class NgramVendi
{
    private const int Longest = 2;

    /// <summary>From 1 to the number of texts; NaN without texts.</summary>
    public static double Of(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0) return double.NaN;
        var words = texts.Select(TextWords.Of).ToList();
        var kernel = new double[texts.Count, texts.Count];
        for (var length = 1; length <= Longest; length++)
        {
            var counts = words.Select(text => Runs(text, length)).ToList();
            var norms = counts.Select(runs => Math.Sqrt(runs.Values.Sum(count => (double)count * count))).ToArray();
            for (var i = 0; i < texts.Count; i++)
            {
                for (var j = i; j < texts.Count; j++)
                {
                    var product = counts[i].Sum(run => (double)run.Value * counts[j].GetValueOrDefault(run.Key)) / (norms[i] * norms[j]);
                    kernel[i, j] += product / (Longest * texts.Count);
                    kernel[j, i] = kernel[i, j];
                }
            }
        }
        return Math.Exp(-SymmetricEigenvalues.Of(kernel).Where(value => value > 0).Sum(value => value * Math.Log(value)));
    }

    // A text too short for such a run is like those equal to it and no other; no run of words begins with a blank.
    private static IReadOnlyDictionary<string, int> Runs(IReadOnlyList<string> words, int length) =>
        TextWords.Runs(words, length) is { Count: > 0 } runs ? runs
            : new Dictionary<string, int> { [words.Count == 0 ? " " : " " + string.Join(' ', words)] = 1 };
}
