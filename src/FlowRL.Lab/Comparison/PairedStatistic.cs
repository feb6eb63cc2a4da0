using System.Text.Json.Serialization;
using FlowRL.Evaluation;

namespace FlowRL.Lab.Comparison;

/// <summary>
/// A number that two objectives give together, such as a difference or an area, with what is uncertain about it: the choice of problems (a paired bootstrap),
/// and training (Student's t over pairs of runs with equal seeds).
/// </summary>
/// <param name="Value">From all problems and seeds.</param>
/// <param name="Low">Lower end of the bootstrap's 95% interval; null where some resample has no value.</param>
/// <param name="High">Upper end.</param>
/// <param name="OverSeeds">Mean over pairs of seeds with its 95% t-interval; null for fewer than two pairs, and where one has no value.</param>
public sealed record PairedStatistic(
    [property: JsonPropertyName("value")] double Value,
    [property: JsonPropertyName("low")] double? Low,
    [property: JsonPropertyName("high")] double? High,
    [property: JsonPropertyName("over_seeds")] Estimate? OverSeeds)
{
    /// <summary>
    /// The larger of two two-sided p-values that the number is 0, of the bootstrap and of the t-test: a difference is believed only where both problems and
    /// seeds speak for it. Null where one of them has none.
    /// </summary>
    [JsonIgnore]
    public double? PValue { get; private init; }

    /// <param name="value">From all problems and seeds; null where there is none.</param>
    /// <param name="resampled">From each resample of the problems.</param>
    /// <param name="seeds">From each pair of seeds.</param>
    internal static PairedStatistic? Of(double? value, IEnumerable<double?> resampled, IEnumerable<double?> seeds)
    {
        if (value is not { } whole) return null;
        var (draws, pairs) = (All(resampled), All(seeds));
        var interval = draws is null ? null : Bootstrap.Interval(whole, draws);
        var (ofProblems, ofSeeds) = (draws is null ? null : (double?)Bootstrap.PValue(draws), pairs is null ? null : SeedInterval.PValue(pairs));
        return new PairedStatistic(whole, interval?.Low, interval?.High, pairs is null ? null : SeedInterval.Of(pairs))
        {
            PValue = ofProblems is { } a && ofSeeds is { } b ? Math.Max(a, b) : null,
        };
    }

    private static double[]? All(IEnumerable<double?> values) =>
        values.ToArray() is var all && Array.TrueForAll(all, value => value is not null) ? [.. all.Select(value => value!.Value)] : null;
}
