namespace FlowRL.Evaluation;

/// <summary>
/// The share of the most frequent solution among samples with a solution: max m / Σ m (Berger and Parker 1970). 1 where a policy has collapsed on one.
/// </summary>
internal static class CommonestShare
{
    /// <summary>One problem's share, above 0 and at most 1; null where no sample has a solution.</summary>
    public static double? Of(SolutionCounts problem) => problem.WithSolution == 0 ? null : (double)problem.Found.Max() / problem.WithSolution;
}
