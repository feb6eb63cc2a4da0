namespace FlowRL.Evaluation;

/// <summary>
/// What a model reaches as its samples are sharpened or widened: points (accuracy, different right answers) by temperature, joined by straight lines. Where the
/// line turns back, the better of its parts counts. Nothing is extrapolated: beyond the ends there is no value.
/// </summary>
/// <param name="points">In order of temperature; at least one.</param>
internal sealed class Front(IReadOnlyList<(double Accuracy, double Variety)> points)
{
    public IReadOnlyList<(double Accuracy, double Variety)> Points { get; } = points;

    /// <summary>The variety at an accuracy; null where the front does not reach it.</summary>
    public double? VarietyAt(double accuracy) => Best(accuracy, Points);

    /// <summary>The accuracy at a variety; null where the front does not reach it.</summary>
    public double? AccuracyAt(double variety) => Best(variety, [.. Points.Select(point => (point.Variety, point.Accuracy))]);

    /// <summary>
    /// The area between two fronts over the accuracies that both reach, positive where this one lies above: ∫ variety − other's variety. Null where they
    /// share no range.
    /// </summary>
    public FrontGap? Over(Front other)
    {
        var from = Math.Max(Points.Min(point => point.Accuracy), other.Points.Min(point => point.Accuracy));
        var to = Math.Min(Points.Max(point => point.Accuracy), other.Points.Max(point => point.Accuracy));
        if (!(to > from)) return null;
        // Between corners and crossings of its own lines a front is one straight line, so that the middle gives the mean.
        double[] corners = [.. Corners(Points).Concat(Corners(other.Points)).Where(place => place > from && place < to).Append(from).Append(to).Order()];
        var area = corners.Zip(corners.Skip(1)).Where(pair => pair.Second > pair.First)
            .Sum(pair => (pair.Second - pair.First) * Between((pair.First + pair.Second) / 2, other));
        return new FrontGap(from, to, area);
    }

    private double Between(double accuracy, Front other) => VarietyAt(accuracy)!.Value - other.VarietyAt(accuracy)!.Value;

    private static IEnumerable<double> Corners(IReadOnlyList<(double X, double Y)> points)
    {
        foreach (var point in points) yield return point.X;
        for (var i = 1; i < points.Count; i++)
            for (var j = i + 2; j < points.Count; j++)
                if (Crossing(points[i - 1], points[i], points[j - 1], points[j]) is { } place) yield return place;
    }

    // Where two lines, seen as functions of x, are equal; between which ends that lies does not matter, for a corner too many changes no sum.
    private static double? Crossing((double X, double Y) a, (double X, double Y) b, (double X, double Y) c, (double X, double Y) d)
    {
        var (first, second) = ((b.Y - a.Y) / (b.X - a.X), (d.Y - c.Y) / (d.X - c.X));
        var place = (c.Y - a.Y + first * a.X - second * c.X) / (first - second);
        return double.IsFinite(place) ? place : null;
    }

    private static double? Best(double x, IReadOnlyList<(double X, double Y)> points)
    {
        double? best = points.Where(point => point.X == x).Select(point => (double?)point.Y).Max();
        for (var i = 1; i < points.Count; i++)
        {
            var (a, b) = (points[i - 1], points[i]);
            if ((a.X < x && x < b.X) || (b.X < x && x < a.X))
                best = Math.Max(best ?? double.NegativeInfinity, a.Y + (x - a.X) / (b.X - a.X) * (b.Y - a.Y));
        }
        return best;
    }
}

/// <summary>How far one front lies above another.</summary>
/// <param name="From">The lowest accuracy that both reach.</param>
/// <param name="To">The highest.</param>
/// <param name="Area">The area between them, in different answers × accuracy.</param>
internal sealed record FrontGap(double From, double To, double Area)
{
    /// <summary>The area by the range: different answers more at equal accuracy, on average.</summary>
    public double Height => Area / (To - From);
}
