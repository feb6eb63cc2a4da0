namespace FlowRL.Lab.Benchmarking;

/// <summary>How time and memory of sampling and training grow with the size of the problem.</summary>
public sealed record GrowthReport(Machine Machine, IReadOnlyList<GrowthReport.Axis> Axes)
{
    /// <summary>One size that grows while the others stay.</summary>
    /// <param name="Name">Such as vocabulary.</param>
    /// <param name="Points">In order of size.</param>
    public sealed record Axis(string Name, IReadOnlyList<Point> Points)
    {
        /// <summary>The exponents of fitted power laws, by quantity.</summary>
        public IReadOnlyDictionary<string, double> Exponents => Quantities.ToDictionary(
            quantity => quantity.Name, quantity => PowerLaw.Exponent(Points.Select(point => (point.Size, quantity.Of(point)))));
    }

    /// <summary>What was measured at one size.</summary>
    /// <param name="Size">Parameters, sequences or tokens.</param>
    /// <param name="DecodeSeconds">The fastest run.</param>
    /// <param name="DecodeBytes">The peak, without the runtime.</param>
    /// <param name="TrainSeconds">The fastest run.</param>
    /// <param name="TrainBytes">The peak, without the runtime.</param>
    public sealed record Point(double Size, double DecodeSeconds, long DecodeBytes, double TrainSeconds, long TrainBytes);

    /// <summary>What grows.</summary>
    public static IReadOnlyList<(string Name, Func<Point, double> Of)> Quantities { get; } =
    [
        ("decode_seconds", point => point.DecodeSeconds), ("train_seconds", point => point.TrainSeconds),
        ("decode_bytes", point => point.DecodeBytes), ("train_bytes", point => point.TrainBytes),
    ];
}

/// <summary>y = c · x^a, fitted by least squares over the logarithms.</summary>
internal static class PowerLaw
{
    /// <summary>a.</summary>
    public static double Exponent(IEnumerable<(double X, double Y)> points)
    {
        var logs = points.Select(point => (X: Math.Log(point.X), Y: Math.Log(point.Y))).ToList();
        var (x, y) = (logs.Average(point => point.X), logs.Average(point => point.Y));
        return logs.Sum(point => (point.X - x) * (point.Y - y)) / logs.Sum(point => (point.X - x) * (point.X - x));
    }
}
