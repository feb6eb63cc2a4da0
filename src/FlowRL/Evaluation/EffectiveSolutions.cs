namespace FlowRL.Evaluation;

/// <summary>
/// How evenly correct samples spread over solutions: exp(−Σ q log q), q the share of each solution among them (Hill 1973, the number of order 1). It is
/// the number of solutions where all are equally frequent, and near 1 where nearly all samples give one. Taken from shares as they were
/// found, it is too low where samples are few.
/// </summary>
internal static class EffectiveSolutions
{
    /// <summary>One problem's number, from 1 to the solutions found; 0 where no sample has one.</summary>
    public static double Of(SolutionCounts problem)
    {
        double all = problem.WithSolution;
        return all == 0 ? 0 : Math.Exp(-problem.Found.Where(count => count > 0).Sum(count => count / all * Math.Log(count / all)));
    }
}
