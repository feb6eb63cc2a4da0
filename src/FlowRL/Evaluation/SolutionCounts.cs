using FlowRL.Tasks;

namespace FlowRL.Evaluation;

/// <summary>How often each different solution was found among one problem's samples: what the measures of variety are computed from.</summary>
/// <param name="Samples">n, from 1 on.</param>
/// <param name="Found">How many of them gave each solution that was found.</param>
/// <param name="Solutions">How many different solutions exist; null where that is not known.</param>
internal sealed record SolutionCounts(int Samples, IReadOnlyList<int> Found, int? Solutions)
{
    /// <summary>Correct samples whose solution is not known: they count for what is right, and for nothing that tells solutions apart.</summary>
    public int WithoutSolution { get; init; }

    /// <summary>Correct samples whose solution is known.</summary>
    public int WithSolution => Found.Sum();

    public int Correct => WithSolution + WithoutSolution;

    public static SolutionCounts Of(ProblemSamples problem)
    {
        int[] found = [.. Of(problem.Verdicts).Select(pair => pair.Count)];
        return new(problem.Verdicts.Count, found, problem.Solutions) { WithoutSolution = problem.Correct - found.Sum() };
    }

    /// <summary>Each solution with its count, the most frequent first, of equals the one that appeared first.</summary>
    public static IEnumerable<(string Key, int Count)> Of(IEnumerable<Verdict> verdicts) =>
        verdicts.Select(verdict => verdict.Solution).OfType<string>().GroupBy(solution => solution)
            .Select(group => (group.Key, Count: group.Count())).OrderByDescending(pair => pair.Count);
}
