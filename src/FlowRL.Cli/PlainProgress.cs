using FlowRL.Telemetry;

namespace FlowRL.Cli;

/// <summary>Progress for logs and pipes: a heading, then one line every few seconds, the first and the last step among them.</summary>
internal sealed class PlainProgress(TextWriter error, TimeProvider? clock = null) : IProgress<StepReport>
{
    internal static TimeSpan Interval { get; } = TimeSpan.FromSeconds(5);
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private long? _last;

    public void Report(StepReport value)
    {
        var now = _clock.GetTimestamp();
        if (_last is { } last && _clock.GetElapsedTime(last, now) < Interval && value.Step < value.Steps) return;
        if (_last is null) error.WriteLine(Line(c => c.Title));
        _last = now;
        error.WriteLine($"{Line(c => c.Text(value))}  {ProgressText.Failures(value)}".TrimEnd());
    }

    private static string Line(Func<(string Title, int Width, Func<StepReport, string> Text), string> cell) =>
        string.Join("  ", ProgressText.Columns.Select(c => cell(c).PadLeft(c.Width)));
}
