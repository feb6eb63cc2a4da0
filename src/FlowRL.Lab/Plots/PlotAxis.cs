namespace FlowRL.Lab.Plots;

/// <summary>One axis of a plot: its range, how values lie on it, and what is written at it.</summary>
/// <param name="Low">The value at its beginning.</param>
/// <param name="High">The value at its end.</param>
/// <param name="IsLogarithmic">Whether equal factors, rather than equal differences, are equally long.</param>
/// <param name="Ticks">Values with their labels.</param>
internal sealed record PlotAxis(double Low, double High, bool IsLogarithmic, IReadOnlyList<(double Value, string Label)> Ticks)
{
    private static readonly int[] RoundFactors = [1, 2, 5, 10];

    /// <summary>Where a value lies, from 0 to 1; the middle of an axis without length.</summary>
    public double Share(double value) => !(High > Low) ? 0.5
        : IsLogarithmic ? Math.Log(value / Low) / Math.Log(High / Low) : (value - Low) / (High - Low);

    /// <summary>A linear axis over <paramref name="values"/>, with round ticks; from 0 where all are positive and <paramref name="fromZero"/>.</summary>
    public static PlotAxis Linear(IEnumerable<double> values, bool fromZero, Func<double, string> label)
    {
        var all = values.DefaultIfEmpty(0).ToArray();
        var (low, high) = (fromZero ? Math.Min(0, all.Min()) : all.Min(), all.Max());
        if (high <= low) high = low + 1;
        var step = Round((high - low) / 4);
        (low, high) = (Math.Floor(low / step) * step, Math.Ceiling(high / step) * step);
        return new PlotAxis(low, high, false,
            [.. Enumerable.Range(0, (int)Math.Round((high - low) / step) + 1).Select(i => low + i * step).Select(tick => (tick, label(tick)))]);
    }

    // 1, 2 or 5 times a power of ten.
    private static double Round(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return RoundFactors.First(factor => factor * power >= step * 0.999) * power;
    }
}
