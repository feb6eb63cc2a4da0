using FlowRL.Files;
using FlowRL.Hub;
using Spectre.Console;

namespace FlowRL.Cli.Pulling;

/// <summary>What is being fetched, for logs and pipes: a line every few seconds, and the last.</summary>
/// <param name="say">Gets them.</param>
/// <param name="clock">Says when a few seconds are over.</param>
internal sealed class PlainPull(Action<string> say, TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private long? _start;
    private long _last;
    private long _before;

    public void Report(PullProgress value)
    {
        var now = _clock.GetTimestamp();
        if (_start is null)
        {
            (_start, _last, _before) = (now, now, value.Done);
            return;
        }
        var isLast = value.Done == value.All;
        if (value.Done == _before || (!isLast && _clock.GetElapsedTime(_last, now) < PlainProgress.Interval)) return;
        _last = now;
        var seconds = _clock.GetElapsedTime(_start.Value, now).TotalSeconds;
        var rate = seconds > 0 ? (value.Done - _before) / seconds : 0;
        var speed = rate > 0 ? $", {MachineMemory.Size((long)rate)}/s" : "";
        var left = !isLast && rate > 0 ? $", {ProgressText.Duration((value.All - value.Done) / rate)} left" : "";
        say($"{value.Name}: {MachineMemory.Size(value.Done)} of {MachineMemory.Size(value.All)}{speed}{left}");
        if (isLast) _start = null;
    }
}

/// <summary>The same on a terminal: a bar that is redrawn in place, and goes when all is there.</summary>
internal static class LivePull
{
    public static Task<T> RunAsync<T>(IAnsiConsole terminal, Action<string> say, Func<PullWatch, Task<T>> body) => terminal.Progress().AutoClear(true)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
        .StartAsync(async context =>
        {
            ProgressTask? task = null;
            return await body(new PullWatch(say, value =>
            {
                if (value.Done == value.All && task is null) return; // it was there
                task ??= context.AddTask(Markup.Escape(value.Name), maxValue: value.All);
                task.MaxValue = value.All;
                task.Value = value.Done;
            }));
        });
}
