using System.Text.Json.Serialization;
using FlowRL.Evaluation;

namespace FlowRL.Lab.Comparison;

/// <summary>What became of a primary claim.</summary>
/// <param name="Objective">The objective of which more is claimed.</param>
/// <param name="Against">The one it is compared with.</param>
/// <param name="Measure">More of what.</param>
/// <param name="Difference">How much more; null where there is no number, such as an area between fronts that share no accuracies.</param>
/// <param name="PValue">The larger of the bootstrap's and the paired t-test's; null where one of them has none.</param>
/// <param name="Adjusted">The same after Holm's correction over all claims.</param>
/// <param name="Holds">Whether there is more, and the adjusted value is at most 0.05.</param>
public sealed record ComparisonClaim(
    [property: JsonPropertyName("objective")] string Objective,
    [property: JsonPropertyName("against")] string Against,
    [property: JsonPropertyName("measure"), JsonConverter(typeof(JsonStringEnumConverter<ClaimMeasure>))] ClaimMeasure Measure,
    [property: JsonPropertyName("difference")] PairedStatistic? Difference,
    [property: JsonPropertyName("p")] double? PValue,
    [property: JsonPropertyName("p_holm")] double Adjusted,
    [property: JsonPropertyName("holds")] bool Holds)
{
    private const double Level = 0.05;

    /// <param name="claims">The claims by name.</param>
    /// <param name="tests">Each objective's runs, in the order of their seeds.</param>
    /// <param name="areas">Between fronts, where there are fronts.</param>
    internal static IReadOnlyDictionary<string, ComparisonClaim> Of(IReadOnlyDictionary<string, ClaimOptions> claims,
        IReadOnlyDictionary<string, IReadOnlyList<TestedRun>> tests, Func<string, string, FrontArea> areas)
    {
        var differences = claims.Values.Select(claim => claim.Measure == ClaimMeasure.FrontArea ? areas(claim.Objective, claim.Against).Area
            : Measured(tests[claim.Objective], tests[claim.Against], claim.Measure)).ToList();
        // What cannot be tested still counts as a claim.
        var adjusted = Holm.Adjust([.. differences.Select(difference => difference?.PValue ?? 1)]);
        var results = new OrderedDictionary<string, ComparisonClaim>();
        foreach (var (i, (name, claim)) in claims.Index())
        {
            results.Add(name, new ComparisonClaim(claim.Objective, claim.Against, claim.Measure, differences[i], differences[i]?.PValue, adjusted[i],
                differences[i] is { Value: > 0 } && adjusted[i] <= Level));
        }
        return results;
    }

    private static PairedStatistic? Measured(IReadOnlyList<TestedRun> ours, IReadOnlyList<TestedRun> theirs, ClaimMeasure measure)
    {
        var (n, largest) = (ours[0].Evaluation.Samples, ours[0].Evaluation.K.Max());
        Func<TestedProblem, double?> number = measure switch
        {
            ClaimMeasure.Accuracy => problem => problem.PassAtK(n, 1),
            ClaimMeasure.DistinctCorrect => problem => problem.DistinctAtK(n, largest),
            ClaimMeasure.PassAtK => problem => problem.PassAtK(n, largest),
            _ => problem => problem.CoverageAtK(n, largest),
        };
        // By problem, then by seed.
        var table = Enumerable.Range(0, ours[0].Problems.Count)
            .Select(i => ours.Zip(theirs, (a, b) => number(a.Problems[i]) - number(b.Problems[i])).ToArray())
            .Where(row => Array.TrueForAll(row, value => value is not null)).Select(row => Array.ConvertAll(row, value => value!.Value)).ToList();
        if (table.Count == 0) return null;
        double[] problems = [.. table.Select(row => row.Average())];
        return PairedStatistic.Of(problems.Average(), Bootstrap.Resampled([problems], ObjectiveFront.Seed)[0].Select(value => (double?)value),
            Enumerable.Range(0, ours.Count).Select(seed => (double?)table.Average(row => row[seed])));
    }
}
