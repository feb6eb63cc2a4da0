namespace FlowRL.Benchmarking;

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
