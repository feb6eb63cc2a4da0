using System.Globalization;
using FlowRL.Evaluation;

namespace FlowRL.Comparison;

/// <summary>A comparison as rows of cells: for the terminal and for the page.</summary>
public static class ComparisonText
{
    private const string Unknown = "-";

    /// <summary>The heading, then means ± standard errors of each objective.</summary>
    public static IReadOnlyList<string[]> Means(ComparisonReport report)
    {
        var k = LargestK(report);
        return [["objective", "accuracy", $"pass@{k}", $"distinct of {k}", "coverage", "entropy", "reward", "seconds"],
            .. report.Objectives.Select(pair => Row(pair.Key, pair.Value, k))];
    }

    /// <summary>The heading, then each objective minus the first with its interval; empty where there is one objective.</summary>
    public static IReadOnlyList<string[]> Differences(ComparisonReport report)
    {
        var k = LargestK(report);
        var others = report.Objectives.Where(pair => pair.Value.Difference is not null).ToList();
        return others.Count == 0 ? [] : [[$"minus {report.First}", "accuracy", $"pass@{k}", $"distinct of {k}", "coverage"],
            .. others.Select(pair => Row(pair.Key, pair.Value.Difference!, k))];
    }

    internal static int LargestK(ComparisonReport report) => report.Objectives.First().Value.Mean.PassAtK.Keys.Max();

    private static string[] Row(string name, ComparedObjective objective, int k)
    {
        string Cell(Func<ComparisonNumbers, double?> number, double unit, string format) => number(objective.Mean) is not { } mean ? Unknown
            : Number(mean * unit, format) + (number(objective.StandardError) is { } error ? $" ± {Number(error * unit, format)}" : "");
        return [name, Cell(n => n.Accuracy, 100, "0.0"), Cell(n => n.PassAtK[k], 100, "0.0"), Cell(n => n.DistinctCorrect, 1, "0.00"),
            Cell(n => n.Coverage, 100, "0.0"), Cell(n => n.Entropy, 1, "0.000"), Cell(n => n.Reward, 1, "0.000"), Cell(n => n.Seconds, 1, "0")];
    }

    private static string[] Row(string name, ComparisonDifference difference, int k) =>
        [name, Interval(difference.Accuracy, 100, "0.0"), Interval(difference.PassAtK[k], 100, "0.0"),
            Interval(difference.DistinctCorrect, 1, "0.00"), Interval(difference.Coverage, 100, "0.0")];

    private static string Interval(Estimate? estimate, double unit, string format) => estimate is null ? Unknown
        : $"{Signed(estimate.Value * unit, format)} ({Signed(estimate.Low * unit, format)} to {Signed(estimate.High * unit, format)})";

    private static string Signed(double value, string format) => Number(value, $"+{format};-{format};{format}");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
