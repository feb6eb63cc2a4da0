namespace FlowRL.Evaluation;

/// <summary>
/// What pairs of runs with equal seeds say of a difference: its mean with the 95% interval of Student's t over pairs (Student 1908), mean ± t·s/√n with
/// n − 1 degrees of freedom. It speaks of training as well as of sampling, on the problems at hand; the bootstrap speaks of problems.
/// </summary>
internal static class SeedInterval
{
    /// <summary>Mean and interval; null for fewer than two pairs.</summary>
    /// <param name="differences">One a pair.</param>
    public static Estimate? Of(IReadOnlyList<double> differences)
    {
        if (differences.Count < 2) return null;
        var mean = differences.Average();
        var half = StudentT.Critical(0.05, differences.Count - 1) * StandardError(differences, mean);
        return new Estimate(mean, mean - half, mean + half);
    }

    /// <summary>The two-sided p-value of the paired t-test that the difference is 0; null for fewer than two pairs.</summary>
    public static double? PValue(IReadOnlyList<double> differences)
    {
        if (differences.Count < 2) return null;
        var mean = differences.Average();
        return mean == 0 ? 1 : StudentT.TwoSided(mean / StandardError(differences, mean), differences.Count - 1);
    }

    private static double StandardError(IReadOnlyList<double> values, double mean) =>
        Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1) / values.Count);
}
