using System.Text.Json.Serialization;
using FlowRL.Evaluation;

namespace FlowRL.Lab.Comparison;

/// <summary>
/// An objective minus the first one, over pairs of runs with equal seeds: means with 95% t-intervals, which speak of training on the problems at hand.
/// </summary>
public sealed record SeedDifference
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

    /// <summary>Null for fewer than two pairs.</summary>
    /// <param name="runs">In the order of their seeds.</param>
    /// <param name="first">The first objective's, in the same order.</param>
    internal static SeedDifference? Of(IReadOnlyList<TestedRun> runs, IReadOnlyList<TestedRun> first)
    {
        if (runs.Count < 2 || runs.Count != first.Count) return null;
        var evaluation = runs[0].Evaluation;
        var (n, ks, largest) = (evaluation.Samples, evaluation.K.Order().ToArray(), evaluation.K.Max());
        Estimate? Over(Func<TestedProblem, double?> value)
        {
            var differences = runs.Zip(first, (ours, theirs) => ours.Problems.Average(value) - theirs.Problems.Average(value)).ToArray();
            return Array.TrueForAll(differences, difference => difference is not null) ? SeedInterval.Of([.. differences.Select(d => d!.Value)]) : null;
        }
        return new SeedDifference
        {
            Accuracy = Over(problem => problem.PassAtK(n, 1))!,
            PassAtK = ks.ToDictionary(k => k, k => Over(problem => problem.PassAtK(n, k))!),
            DistinctCorrect = Over(problem => problem.DistinctAtK(n, largest))!,
            Coverage = Over(problem => problem.CoverageAtK(n, largest)),
        };
    }
}
