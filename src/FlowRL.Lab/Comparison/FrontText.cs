using System.Globalization;
using FlowRL.Evaluation;

namespace FlowRL.Lab.Comparison;

/// <summary>Fronts and claims as rows of cells: for the terminal and for the page. Empty where there are none.</summary>
public static class FrontText
{
    private const string Unknown = "-";

    /// <summary>The heading, then each front: accuracy and different right answers at each setting.</summary>
    public static IReadOnlyList<string[]> Fronts(ComparisonReport report) => report.Fronts is null ? [] :
        [["accuracy / distinct", .. report.Fronts.First().Value.Select(point => new FrontSetting(point.Temperature, point.TopP).Title)],
            .. report.Fronts.Select(pair => (string[])[pair.Key, .. pair.Value.Select(Cell)])];

    /// <summary>The heading, then each setting of one model's front with its intervals.</summary>
    public static IReadOnlyList<string[]> Front(IReadOnlyList<FrontPoint> front)
    {
        var k = front[0].PassAtK.Keys.Max();
        return [["sampling", "accuracy", $"pass@{k}", $"distinct of {k}", "effective", "commonest", "coverage"],
            .. front.Select(point => (string[])
            [
                new FrontSetting(point.Temperature, point.TopP).Title, Interval(point.AccuracyInterval, 100, "0.0"), Number(point.PassAtK[k] * 100, "0.0"),
                Interval(point.DistinctInterval, 1, "0.00"), Number(point.Variety.EffectiveSolutions, "0.00"), Percent(point.Variety.CommonestShare),
                Percent(point.Coverage),
            ])];
    }

    /// <summary>The heading, then what each front has at the points of the named objectives.</summary>
    public static IReadOnlyList<string[]> Matched(ComparisonReport report) => report.MatchedPoints is not { Count: > 0 } points ? [] :
        [["at the point of", "objective", "times its distinct", "over seeds", "points more accuracy", "over seeds"],
            .. points.Select(point => (string[])
            [
                $"{point.Of}, {new FrontSetting(point.Temperature, point.TopP).Title} ({Both(point.Accuracy, point.DistinctCorrect)})",
                point.Objective, Statistic(point.DistinctRatio, 1, "0.00"), Seeds(point.DistinctRatio, 1, "0.00"),
                Statistic(point.AccuracyGain, 100, "+0.0;-0.0;0.0"), Seeds(point.AccuracyGain, 100, "+0.0;-0.0;0.0"),
            ])];

    /// <summary>The heading, then each area between two fronts.</summary>
    public static IReadOnlyList<string[]> Areas(ComparisonReport report) => report.FrontAreas is not { Count: > 0 } areas ? [] :
        [["front", "over that of", "accuracies", "area", "over seeds", "more distinct on average"],
            .. areas.Select(area => (string[])
            [
                area.Objective, area.Against,
                area.From is { } from && area.To is { } to ? $"{Number(from * 100, "0.0")} to {Number(to * 100, "0.0")}" : "none shared",
                Statistic(area.Area, 1, "+0.000;-0.000;0.000"), Seeds(area.Area, 1, "+0.000;-0.000;0.000"), Statistic(area.Height, 1, "+0.00;-0.00;0.00"),
            ])];

    /// <summary>The heading, then what became of each primary claim.</summary>
    public static IReadOnlyList<string[]> Claims(ComparisonReport report) => report.Claims is null ? [] :
        [["claim", "more", "than", "of", "difference", "over seeds", "p", "p by Holm", "holds"],
            .. report.Claims.Select(pair => (string[])
            [
                pair.Key, pair.Value.Objective, pair.Value.Against, MeasureName(pair.Value.Measure),
                Statistic(pair.Value.Difference, 1, "+0.0000;-0.0000;0.0000"), Seeds(pair.Value.Difference, 1, "+0.0000;-0.0000;0.0000"),
                pair.Value.PValue is { } p ? Number(p, "0.0000") : Unknown,
                Number(pair.Value.Adjusted, "0.0000"), pair.Value.Holds ? "yes" : "no",
            ])];

    /// <summary>What is a claim and what is not: a sentence.</summary>
    public static string Standing(ComparisonReport report) => report.Claims?.Count switch
    {
        null => "No claims were written down before the test: every number is exploratory.",
        1 => "The claim was written down before test problems were sampled; everything else is exploratory.",
        var count => $"The {count} claims were written down before test problems were sampled; everything else is exploratory.",
    };

    private static string MeasureName(ClaimMeasure measure) => measure switch
    {
        ClaimMeasure.FrontArea => "area between fronts",
        ClaimMeasure.DistinctCorrect => "different right answers",
        ClaimMeasure.PassAtK => "pass@k",
        ClaimMeasure.Accuracy => "accuracy",
        _ => "coverage",
    };

    private static string Cell(FrontPoint point) => Both(point.Accuracy, point.DistinctCorrect);

    private static string Both(double accuracy, double variety) => $"{Number(accuracy * 100, "0.0")} / {Number(variety, "0.00")}";

    private static string Statistic(PairedStatistic? statistic, double unit, string format) => statistic is null ? Unknown
        : Number(statistic.Value * unit, format) + (statistic is { Low: { } low, High: { } high }
            ? $" ({Number(low * unit, format)} to {Number(high * unit, format)})" : "");

    private static string Seeds(PairedStatistic? statistic, double unit, string format) => statistic?.OverSeeds is { } seeds
        ? $"{Number(seeds.Low * unit, format)} to {Number(seeds.High * unit, format)}" : Unknown;

    private static string Interval(Estimate estimate, double unit, string format) =>
        $"{Number(estimate.Value * unit, format)} ({Number(estimate.Low * unit, format)} to {Number(estimate.High * unit, format)})";

    private static string Percent(double? share) => share is { } value ? Number(value * 100, "0.0") : Unknown;

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
