using FlowRL.Telemetry;

namespace FlowRL.Cli;

/// <summary>Progress for logs and pipes: a heading, then one line every few seconds, the first and the last step among them.</summary>
/// <param name="error">Where they go.</param>
/// <param name="clock">Says when a few seconds are over.</param>
/// <param name="run">Begins every line, where several runs are at work; else null.</param>
internal sealed class PlainProgress(TextWriter error, TimeProvider? clock = null, string? run = null) : IProgress<StepReport>
{
    internal static TimeSpan Interval { get; } = TimeSpan.FromSeconds(5);
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private long? _last;

    public void Report(StepReport value)
    {
        var now = _clock.GetTimestamp();
        if (_last is { } last && _clock.GetElapsedTime(last, now) < Interval && value.Step < value.Steps) return;
        lock (error)
        {
            if (_last is null) error.WriteLine(Line(c => c.Title));
            error.WriteLine($"{Line(c => c.Text(value))}  {ProgressText.Failures(value)}".TrimEnd());
        }
        _last = now;
    }

    private string Line(Func<ProgressColumn, string> cell) =>
        (run is null ? "" : $"{run}:") + string.Join("  ", ProgressText.Columns.Select(c => cell(c).PadLeft(c.Width)));
}
