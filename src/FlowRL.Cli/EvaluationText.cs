using System.Globalization;
using FlowRL.Evaluation;

namespace FlowRL.Cli;

/// <summary>An evaluation in one line.</summary>
internal static class EvaluationText
{
    public static string Of(EvaluationReport report)
    {
        var largest = report.PassAtK.Keys.Max();
        var coverage = report.Coverage is { } share ? string.Create(CultureInfo.InvariantCulture, $" ({share:P1} of those there are)") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"accuracy {report.Accuracy:P1} ({report.AccuracyLow:P1} to {report.AccuracyHigh:P1}), pass@{largest} {report.PassAtK[largest].Value:P1}, ")
            + string.Create(CultureInfo.InvariantCulture, $"maj@{report.Samples} {report.Majority:P1}, ")
            + string.Create(CultureInfo.InvariantCulture, $"{report.DistinctCorrect:F2} different solutions a problem{coverage}; ")
            + string.Create(CultureInfo.InvariantCulture, $"{report.Problems} problems, {report.Samples} samples each");
    }
}
