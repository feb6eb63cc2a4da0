namespace FlowRL.Evaluation;

/// <summary>
/// Holm's correction (1979): adjusted p-values of several claims, so that the chance of one false claim among them stays below the level whatever depends on
/// what. The smallest of m is multiplied by m, the next by m − 1, and so on; none is below one before it.
/// </summary>
internal static class Holm
{
    /// <summary>The adjusted values, at most 1, in the order given.</summary>
    /// <param name="values">p-values in [0, 1].</param>
    public static double[] Adjust(IReadOnlyList<double> values)
    {
        var (adjusted, largest) = (new double[values.Count], 0.0);
        foreach (var (rank, place) in Enumerable.Range(0, values.Count).OrderBy(i => values[i]).Index())
        {
            largest = Math.Max(largest, Math.Min(1, (values.Count - rank) * values[place]));
            adjusted[place] = largest;
        }
        return adjusted;
    }
}
