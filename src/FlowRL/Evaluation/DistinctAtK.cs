namespace FlowRL.Evaluation;

/// <summary>
/// The expected number of different solutions in k of n samples, estimated without bias: Σ 1 − C(n−m, k) / C(n, k) over the solutions found, m the
/// samples that gave each (rarefaction, Hurlbert 1971, equation 4). With one solution this is pass@k.
/// </summary>
internal static class DistinctAtK
{
    /// <summary>One problem's estimate for one k from 1 to n.</summary>
    public static double Estimate(SolutionCounts problem, int k) => problem.Found.Sum(count => PassAtK.Estimate(problem.Samples, count, k));

    /// <summary>The estimates for k = 1, 2, … n.</summary>
    public static double[] Curve(SolutionCounts problem)
    {
        var (n, curve) = (problem.Samples, new double[problem.Samples]);
        foreach (var count in problem.Found)
        {
            // C(n−m, k+1) / C(n, k+1) is C(n−m, k) / C(n, k) times (n−m−k) / (n−k): nothing grows, and it is exactly 0 once k samples cannot miss it.
            var missed = 1.0;
            for (var k = 0; k < n; k++)
            {
                missed *= (double)Math.Max(0, n - count - k) / (n - k);
                curve[k] += 1 - missed;
            }
        }
        return curve;
    }
}
