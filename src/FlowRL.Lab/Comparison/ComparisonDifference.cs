using System.Text.Json.Serialization;
using FlowRL.Evaluation;

namespace FlowRL.Lab.Comparison;

/// <summary>
/// An objective minus the first one, with 95% intervals of the paired bootstrap: each problem's difference of means over seeds is
/// resampled, so that what makes a problem hard for both falls out. The intervals speak of the choice of problems and of sampling;
/// those over seeds speak of training.
/// </summary>
public sealed record ComparisonDifference
{
    [JsonPropertyName("accuracy")]
    public required Estimate Accuracy { get; init; }

    [JsonPropertyName("pass_at_k")]
    public required IReadOnlyDictionary<int, Estimate> PassAtK { get; init; }

    [JsonPropertyName("distinct_correct")]
    public required Estimate DistinctCorrect { get; init; }

    /// <summary>Null where the number of solutions is never known.</summary>
    [JsonPropertyName("coverage")]
    public required Estimate? Coverage { get; init; }

    /// <summary>The same over pairs of seeds; null for fewer than two.</summary>
    [JsonPropertyName("over_seeds")]
    public required SeedDifference? OverSeeds { get; init; }

    /// <summary>The difference of two lists of runs on the same problems.</summary>
    internal static ComparisonDifference Of(IReadOnlyList<TestedRun> runs, IReadOnlyList<TestedRun> first, ulong seed)
    {
        var evaluation = runs[0].Evaluation;
        var (n, ks, largest) = (evaluation.Samples, evaluation.K.Order().ToArray(), evaluation.K.Max());
        double[] Column(Func<TestedProblem, double> value) => [.. Means(runs, value).Zip(Means(first, value), (ours, theirs) => ours - theirs)];
        var estimates = Bootstrap.Means([Column(problem => problem.PassAtK(n, 1)), Column(problem => problem.DistinctAtK(n, largest)),
            .. ks.Select(k => Column(problem => problem.PassAtK(n, k)))], seed);
        var known = first[0].Problems.Select(problem => problem.Solutions > 0).ToArray();
        var coverage = Column(problem => problem.CoverageAtK(n, largest) ?? 0).Where((_, i) => known[i]).ToArray();
        return new ComparisonDifference
        {
            Accuracy = estimates[0],
            DistinctCorrect = estimates[1],
            PassAtK = ks.Zip(estimates.Skip(2)).ToDictionary(pair => pair.First, pair => pair.Second),
            Coverage = coverage.Length == 0 ? null : Bootstrap.Means([coverage], seed)[0],
            OverSeeds = SeedDifference.Of(runs, first),
        };
    }

    private static IEnumerable<double> Means(IReadOnlyList<TestedRun> runs, Func<TestedProblem, double> value) =>
        Enumerable.Range(0, runs[0].Problems.Count).Select(i => runs.Average(run => value(run.Problems[i])));
}
