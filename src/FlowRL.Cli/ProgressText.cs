using System.Globalization;
using FlowRL.Telemetry;

namespace FlowRL.Cli;

/// <summary>How progress reads: the columns of both views.</summary>
internal static class ProgressText
{
    private const string Unknown = "-";

    /// <summary>Title, width that holds every value, and the text of each column.</summary>
    public static IReadOnlyList<ProgressColumn> Columns { get; } =
    [
        new("step", 11, r => string.Create(CultureInfo.InvariantCulture, $"{r.Step}/{r.Steps}")),
        new("reward", 7, r => Number(r[MetricNames.Reward], "F3")),
        new("accuracy", 8, r => Number(r[MetricNames.Accuracy] * 100, "F1", "%")),
        new("length", 7, r => Number(r[MetricNames.Length], "F1")),
        new("entropy", 7, r => Number(r[MetricNames.Entropy], "F3")),
        new("log Z", 7, r => Number(r[MetricNames.LogPartition], "F3")),
        new("loss", 8, r => Number(r[MetricNames.Loss], "F4")),
        new("tokens/s", 8, r => Number(r[MetricNames.TokensPerSecond], "F0")),
        new("time left", 10, r => Duration(r.SecondsLeft)),
    ];

    /// <summary>What share of the step's rewards failed; empty where none did.</summary>
    public static string Failures(StepReport report)
    {
        var share = report.Metrics.GetValueOrDefault(MetricNames.RewardErrors) + report.Metrics.GetValueOrDefault(MetricNames.RewardTimeouts);
        // The smallest share must not look like none.
        return share > 0 ? $"{Number(Math.Max(share, 0.001) * 100, "F1", "%")} of rewards failed" : "";
    }

    public static string Number(double value, string format, string unit = "") =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) + unit : Unknown;

    /// <summary>Seconds as people say them: <c>4.2 s</c>, <c>6 min 12 s</c>, <c>3 h 05 min</c>.</summary>
    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds < 0) return Unknown;
        var whole = (long)Math.Round(seconds);
        return seconds < 9.95 ? string.Create(CultureInfo.InvariantCulture, $"{seconds:F1} s")
            : whole < 60 ? $"{whole} s"
            : whole < 3600 ? $"{whole / 60} min {whole % 60:D2} s"
            : $"{whole / 3600} h {whole % 3600 / 60:D2} min";
    }
}

/// <summary>A column of progress.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Width">Characters that hold every value.</param>
/// <param name="Text">What stands there for a step.</param>
internal sealed record ProgressColumn(string Title, int Width, Func<StepReport, string> Text);
