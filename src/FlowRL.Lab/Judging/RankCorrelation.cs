using FlowRL.Evaluation;

namespace FlowRL.Lab.Judging;

/// <summary>
/// Spearman's rank correlation (1904): Pearson's of the ranks, equal values with the mean of theirs. In resamples the ranks are those of the whole, which
/// leaves it a function of means.
/// </summary>
internal static class RankCorrelation
{
    /// <param name="pairs">Two values a problem.</param>
    /// <param name="seed">Of the resamples.</param>
    /// <returns>Null where there are fewer than two problems, or one of the values is the same for all.</returns>
    public static JudgeNumber? Of(IReadOnlyList<(double X, double Y)> pairs, ulong seed)
    {
        if (pairs.Count < 2) return null;
        var (x, y) = (Ranks([.. pairs.Select(pair => pair.X)]), Ranks([.. pairs.Select(pair => pair.Y)]));
        double[][] columns = [x, y, [.. x.Select(value => value * value)], [.. y.Select(value => value * value)], [.. x.Zip(y, (a, b) => a * b)]];
        var means = Bootstrap.Resampled(columns, seed);
        return JudgeNumber.Of(Pearson([.. columns.Select(column => column.Average())]),
            Enumerable.Range(0, Bootstrap.Resamples).Select(i => Pearson([.. means.Select(column => column[i])])));
    }

    /// <summary>Ranks from 1, equal values with the mean of theirs.</summary>
    internal static double[] Ranks(double[] values) =>
        [.. values.Select(value => values.Count(other => other < value) + (1 + values.Count(other => other == value)) / 2.0)];

    /// <param name="means">Of x, y, x², y² and xy. Ranks are halves of whole numbers, so that a variance of 0 is told from a small one.</param>
    private static double? Pearson(double[] means)
    {
        var (x, y) = (means[2] - means[0] * means[0], means[3] - means[1] * means[1]);
        return x > 1e-9 && y > 1e-9 ? (means[4] - means[0] * means[1]) / Math.Sqrt(x * y) : null;
    }
}
