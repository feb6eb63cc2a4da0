using System.Globalization;
using FlowRL.Evaluation;

namespace FlowRL.Lab.Comparison;

/// <summary>A comparison as rows of cells: for the terminal and for the page.</summary>
public static class ComparisonText
{
    private const string Unknown = "-";

    private static readonly (string Name, string Format)[] ExactColumns =
        [("kl", "0.0000"), ("kl_forward", "0.0000"), ("tv", "0.0000"), ("modes", "0.0"),
            ("log_z_error", "0.0000"), ("last_kl", "0.0000"), ("last_modes", "0.0")];

    /// <summary>The heading, then means ± standard errors of each objective.</summary>
    public static IReadOnlyList<string[]> Means(ComparisonReport report)
    {
        var k = LargestK(report);
        return [["objective", "accuracy", $"pass@{k}", $"distinct of {k}", "coverage", "entropy", "reward", "seconds"],
            .. report.Objectives.Select(pair => Row(pair.Key, pair.Value, k))];
    }

    /// <summary>The heading, then exact distances from the target; empty where the runs measured none.</summary>
    public static IReadOnlyList<string[]> Exact(ComparisonReport report)
    {
        if (report.Objectives.Values.Any(objective => objective.Mean.Exact is null)) return [];
        return [["objective", "KL(π‖p*)", "KL(p*‖π)", "variation", "modes", "log Z error", "KL at the end", "modes at the end"],
            .. report.Objectives.Select(pair => (string[])[pair.Key, .. ExactColumns.Select(column => Cell(pair.Value, column.Format,
                numbers => numbers.Exact!.GetValueOrDefault(column.Name)))])];
    }

    /// <summary>The heading, then each objective minus the first with its interval; empty where there is one objective.</summary>
    public static IReadOnlyList<string[]> Differences(ComparisonReport report)
    {
        var k = LargestK(report);
        var others = report.Objectives.Where(pair => pair.Value.Difference is not null).ToList();
        return others.Count == 0 ? [] : [[$"minus {report.First}", "accuracy", $"pass@{k}", $"distinct of {k}", "coverage"],
            .. others.Select(pair => (pair.Key, Problems: pair.Value.Difference!)).Select(pair => Row(pair.Key,
                (pair.Problems.Accuracy, pair.Problems.PassAtK[k], pair.Problems.DistinctCorrect, pair.Problems.Coverage), report.Problems > 1))];
    }

    /// <summary>The heading, then each objective minus the first over pairs of seeds, with t-intervals; empty where there are none.</summary>
    public static IReadOnlyList<string[]> SeedDifferences(ComparisonReport report)
    {
        var k = LargestK(report);
        var others = report.Objectives.Where(pair => pair.Value.Difference?.OverSeeds is not null).ToList();
        return others.Count == 0 ? [] : [[$"minus {report.First}, over seeds", "accuracy", $"pass@{k}", $"distinct of {k}", "coverage"],
            .. others.Select(pair => (pair.Key, Seeds: pair.Value.Difference!.OverSeeds!)).Select(pair => Row(pair.Key,
                (pair.Seeds.Accuracy, pair.Seeds.PassAtK[k], pair.Seeds.DistinctCorrect, pair.Seeds.Coverage), hasIntervals: true))];
    }

    /// <summary>Which checkpoint of each run was tested: a sentence.</summary>
    public static string Tested(ComparisonReport report)
    {
        var by = report.Objectives.Values.SelectMany(objective => objective.Seeds).Select(seed => seed.BestBy).Distinct().ToList();
        var steps = report.Objectives.Select(pair => $"{pair.Key} {string.Join(", ", pair.Value.Seeds.Select(seed => seed.BestStep))}");
        var how = by is [{ } metric] ? $"by {metric}" : "on validation problems";
        return $"Tested is the checkpoint of each run that was best {how}, by step: {string.Join("; ", steps)}.";
    }

    internal static int LargestK(ComparisonReport report) => report.Objectives.First().Value.Mean.PassAtK.Keys.Max();

    private static string[] Row(string name, ComparedObjective objective, int k)
    {
        string Share(Func<ComparisonNumbers, double?> number) => Cell(objective, "0.0", numbers => number(numbers) * 100);
        return [name, Share(n => n.Accuracy), Share(n => n.PassAtK[k]), Cell(objective, "0.00", n => n.DistinctCorrect), Share(n => n.Coverage),
            Cell(objective, "0.000", n => n.Entropy), Cell(objective, "0.000", n => n.Reward), Cell(objective, "0", n => n.Seconds)];
    }

    private static string Cell(ComparedObjective objective, string format, Func<ComparisonNumbers, double?> number) =>
        number(objective.Mean) is not { } mean ? Unknown
            : Number(mean, format) + (number(objective.StandardError) is { } error ? $" ± {Number(error, format)}" : "");

    // One problem cannot be resampled: the difference stands without an interval.
    private static string[] Row(string name, (Estimate Accuracy, Estimate Pass, Estimate Distinct, Estimate? Coverage) difference, bool hasIntervals)
    {
        string Cell(Estimate? estimate, double unit, string format) => estimate is null ? Unknown : Signed(estimate.Value * unit, format)
            + (hasIntervals ? $" ({Signed(estimate.Low * unit, format)} to {Signed(estimate.High * unit, format)})" : "");
        return [name, Cell(difference.Accuracy, 100, "0.0"), Cell(difference.Pass, 100, "0.0"),
            Cell(difference.Distinct, 1, "0.00"), Cell(difference.Coverage, 100, "0.0")];
    }

    private static string Signed(double value, string format) => Number(value, $"+{format};-{format};{format}");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
