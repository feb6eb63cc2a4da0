using System.Diagnostics;

namespace FlowRL.Cli.SideBySide;

/// <summary>
/// The comparison as its process sees it, on standard input: first the job; then a line that asks it to stop, or the end. The end means that the
/// comparison is no more, killed perhaps, and nothing that it started may outlive it: this process ends as if killed too, which every run survives.
/// </summary>
internal sealed class ParentPipe(TextReader input)
{
    /// <summary>Asks a process to save what is finished and end.</summary>
    public const string Stop = "stop";

    /// <summary>The job; null where the other side has gone before it said any.</summary>
    public RunJob? Job() => input.ReadLine() is { Length: > 0 } line ? PipeLines.Job(line) : null;

    /// <summary>Watches from here on.</summary>
    /// <param name="stop">Cancelled when the comparison asks for it.</param>
    /// <param name="orphaned">What is done when the comparison is no more.</param>
    public void Watch(CancellationTokenSource stop, Action? orphaned = null) => new Thread(() =>
    {
        while (input.ReadLine() is { } line)
        {
            if (line == Stop) stop.Cancel();
        }
        (orphaned ?? End)();
    })
    { IsBackground = true, Name = "parent" }.Start();

    private static void End()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
