using System.Text.Json.Serialization;

namespace FlowRL.Evaluation;

/// <summary>
/// 95% intervals of means over problems by the percentile bootstrap (Efron 1979): problems are drawn with replacement, as many as there
/// are, and the 2.5% and 97.5% quantiles of the means are taken. Problems are the unit because the samples of one problem depend on
/// each other. The interval speaks of the choice of problems and of the samples drawn, not of the training seed.
/// </summary>
internal static class Bootstrap
{
    /// <summary>Resamples; the quantiles' own error is then about a tenth of a standard error.</summary>
    public const int Resamples = 2000;

    /// <summary>
    /// Mean and interval of each column. All columns see the same resamples, so the order among the bounds of, say, pass@1 and pass@2
    /// is that of the values.
    /// </summary>
    /// <param name="columns">Per statistic, one value a problem; all of one length, 1 or more. One problem gives an empty interval.</param>
    /// <param name="seed">Decides the draws: equal seeds give equal intervals.</param>
    public static IReadOnlyList<Estimate> Means(IReadOnlyList<double[]> columns, ulong seed) =>
        [.. columns.Zip(Resampled(columns, seed), (values, means) => Interval(values.Average(), means))];

    /// <summary>Each column's mean in each resample: for statistics that are not means themselves, computed resample by resample.</summary>
    /// <inheritdoc cref="Means"/>
    public static double[][] Resampled(IReadOnlyList<double[]> columns, ulong seed)
    {
        var problems = columns[0].Length;
        var means = columns.Select(_ => new double[Resamples]).ToArray();
        Parallel.For(0, Resamples, resample =>
        {
            var draws = Seeds.Derive(seed, "bootstrap", resample);
            var counts = new int[problems];
            for (var i = 0; i < problems; i++) counts[Seeds.Below(draws, i, problems)]++;
            for (var column = 0; column < columns.Count; column++) means[column][resample] = WeightedMean(columns[column], counts);
        });
        return means;
    }

    /// <summary>A statistic with the interval of its resampled values.</summary>
    public static Estimate Interval(double value, double[] resampled)
    {
        double[] sorted = [.. resampled.Order()];
        return new Estimate(value, Quantile(sorted, 0.025), Quantile(sorted, 0.975));
    }

    /// <summary>
    /// The two-sided p-value that a statistic is 0 (Davison and Hinkley 1997, 4.4): twice the share of resamples on the side of 0 that has fewer, with the
    /// statistic itself counted among them, so that it is never below 2/(resamples + 1).
    /// </summary>
    public static double PValue(double[] resampled) =>
        Math.Min(1, 2.0 * (1 + Math.Min(resampled.Count(value => value <= 0), resampled.Count(value => value >= 0))) / (resampled.Length + 1));

    private static double WeightedMean(double[] values, int[] counts)
    {
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++) sum += values[i] * counts[i];
        return sum / values.Length;
    }

    // Linear between order statistics (Hyndman and Fan 1996, definition 7).
    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}

/// <summary>A mean over problems with its 95% confidence interval.</summary>
public sealed record Estimate(
    [property: JsonPropertyName("value")] double Value,
    [property: JsonPropertyName("low")] double Low,
    [property: JsonPropertyName("high")] double High);
