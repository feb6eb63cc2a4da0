using System.Text.Json.Serialization;

namespace FlowRL.Lab.Comparison;

/// <summary>One objective over its seeds.</summary>
/// <param name="Seeds">Each run.</param>
/// <param name="Mean">Means over seeds.</param>
/// <param name="StandardError">Standard errors of those means: the sample deviation over seeds by the root of their number.</param>
/// <param name="Difference">This objective minus the first one; null for the first one itself.</param>
public sealed record ComparedObjective(
    [property: JsonPropertyName("seeds")] IReadOnlyList<ComparedSeed> Seeds,
    [property: JsonPropertyName("mean")] ComparisonNumbers Mean,
    [property: JsonPropertyName("stderr")] ComparisonNumbers StandardError,
    [property: JsonPropertyName("difference")] ComparisonDifference? Difference)
{
    internal static ComparedObjective Of(IReadOnlyList<ComparedSeed> seeds, ComparisonDifference? difference) => new(
        seeds, ComparisonNumbers.Over(seeds, values => values.Average()), ComparisonNumbers.Over(seeds, Error), difference);

    private static double? Error(double[] values)
    {
        if (values.Length < 2) return null;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length);
    }
}
