using System.Globalization;
using FlowRL.Evaluation;
using FlowRL.Lab.Comparison;

namespace FlowRL.Cli;

/// <summary>An evaluation in one line, with a table below it where a front was measured.</summary>
internal static class EvaluationText
{
    public static string Of(EvaluationReport report)
    {
        static string Write(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        var largest = report.PassAtK.Keys.Max();
        var reward = report.Reward is { } mean ? Write($"reward {mean:F3}, ") : "";
        var coverage = report.Coverage is { } share ? Write($" ({share:0.0%} of those there are)") : "";
        return Write($"accuracy {report.Accuracy:0.0%} ({report.AccuracyLow:0.0%} to {report.AccuracyHigh:0.0%}), {reward}")
            + Write($"pass@{largest} {report.PassAtK[largest]:0.0%}, maj@{report.Samples} {report.Majority:0.0%}, ")
            + Write($"{report.DistinctCorrect:F2} different solutions a problem{coverage}; ")
            + Write($"{report.Problems} problems, {report.Samples} samples each") + Failures(report) + Variety(report);
    }

    /// <summary>Lines below the first: how different the texts are, and the front, where either was asked for.</summary>
    private static string Variety(EvaluationReport report)
    {
        var texts = report.Texts is { } variety ? FormattableString.Invariant($"\ntexts: Vendi score of words {variety.Vendi:F2}") +
            (variety.SelfBleu is { } bleu ? FormattableString.Invariant($", self-BLEU {bleu:F3}") : "") : "";
        return texts + (report.Front is { } front ? "\n\n" + TextTable.Of(FrontText.Front(front)) : "");
    }

    /// <summary>What a reader must know before believing the numbers; empty where all responses were decided.</summary>
    private static string Failures(EvaluationReport report)
    {
        (int Count, string What)[] counts =
            [(report.Errors, "errors of the verifier"), (report.Timeouts, "timeouts of the verifier"), (report.Undecided, "undecided")];
        var told = counts.Where(count => count.Count > 0).Select(count => count.Count.ToString("N0", CultureInfo.InvariantCulture) + " " + count.What).ToList();
        return told.Count == 0 ? "" : $"; of the responses: {string.Join(", ", told)}";
    }
}
