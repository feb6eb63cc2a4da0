using FlowRL.Tasks;

namespace FlowRL.Comparison;

/// <summary>One test problem's n samples.</summary>
/// <param name="Found">How many of the samples gave each different solution that was found.</param>
/// <param name="Solutions">How many different solutions exist; null where that is not known.</param>
public sealed record TestedProblem(IReadOnlyList<int> Found, int? Solutions)
{
    internal static TestedProblem Of(IEnumerable<Verdict> verdicts, int? solutions) => new(
        [.. verdicts.Select(verdict => verdict.Solution).OfType<string>().GroupBy(solution => solution).Select(Enumerable.Count)
            .OrderDescending()], solutions);

    /// <summary>pass@k, estimated from n samples.</summary>
    public double PassAtK(int samples, int k) => Evaluation.PassAtK.Estimate(samples, Found.Sum(), k);

    /// <summary>
    /// The expected number of different solutions in k samples, estimated without bias from n ≥ k: each solution counts with the
    /// probability that k of the n samples hold it (rarefaction, Hurlbert 1971, equation 4).
    /// </summary>
    public double DistinctAtK(int samples, int k) => Found.Sum(count => Evaluation.PassAtK.Estimate(samples, count, k));

    /// <summary><see cref="DistinctAtK"/> as a share of the solutions that exist; null where none does or their number is not known.</summary>
    public double? CoverageAtK(int samples, int k) => Solutions > 0 ? DistinctAtK(samples, k) / Solutions : null;
}
