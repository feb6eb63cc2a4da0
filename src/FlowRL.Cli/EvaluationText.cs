using System.Globalization;
using FlowRL.Evaluation;

namespace FlowRL.Cli;

/// <summary>An evaluation in one line.</summary>
internal static class EvaluationText
{
    public static string Of(EvaluationReport report)
    {
        var largest = report.PassAtK.Keys.Max();
        var coverage = report.Coverage is { } share
            ? string.Create(CultureInfo.InvariantCulture, $" ({share:0.0%} of those there are)") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"accuracy {report.Accuracy:0.0%} ({report.AccuracyLow:0.0%} to {report.AccuracyHigh:0.0%}), " +
                $"pass@{largest} {report.PassAtK[largest]:0.0%}, ")
            + string.Create(CultureInfo.InvariantCulture, $"maj@{report.Samples} {report.Majority:0.0%}, ")
            + string.Create(CultureInfo.InvariantCulture, $"{report.DistinctCorrect:F2} different solutions a problem{coverage}; ")
            + string.Create(CultureInfo.InvariantCulture, $"{report.Problems} problems, {report.Samples} samples each");
    }
}
