using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace FlowRL.Sandbox;

/// <summary>
/// A process that has three pipes to this one and none of its open files. <see cref="Process"/> gives a child every file that was not opened to end
/// with exec: what this process was itself started with, what native libraries open, what other code means for children of its own. To mark all of
/// them before each start would take the last from those whom they are for, and would miss one that is opened between the mark and the start. Here
/// they are closed in the child, before its program begins. Thread-safe but for the pipes.
/// </summary>
internal sealed partial class ChildProcess : IDisposable
{
    private const int Killing = 9, Stopping = 19; // SIGKILL, SIGSTOP
    private const int WithoutWaiting = 1; // WNOHANG
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);
    private readonly AnonymousPipeServerStream _input = new(PipeDirection.Out), _output = new(PipeDirection.In), _errors = new(PipeDirection.In);
    private readonly Lock _gate = new();
    private int? _status;

    /// <inheritdoc cref="PosixSpawn.Start"/>
    public ChildProcess(IReadOnlyList<string> words, IEnumerable<KeyValuePair<string, string>> environment, string? folder = null)
    {
        AnonymousPipeServerStream[] pipes = [_input, _output, _errors];
        try
        {
            var files = Array.ConvertAll(pipes, pipe => (int)pipe.ClientSafePipeHandle.DangerousGetHandle());
            Id = PosixSpawn.Start(words, environment.Select(variable => $"{variable.Key}={variable.Value}"), folder, files);
        }
        catch
        {
            foreach (var pipe in pipes) pipe.Dispose();
            throw;
        }
        finally
        {
            foreach (var pipe in pipes) pipe.DisposeLocalCopyOfClientHandle();
        }
    }

    public int Id { get; }

    /// <summary>What it reads.</summary>
    public Stream Input => _input;

    /// <summary>What it prints.</summary>
    public Stream Output => _output;

    /// <summary>What it complains with.</summary>
    public Stream Errors => _errors;

    public bool HasExited
    {
        get
        {
            lock (_gate) return Bury();
        }
    }

    /// <summary>Its status; 128 and the signal's number where a signal ended it; -1 where the system did not keep it. Once it has ended.</summary>
    public int ExitCode => _status ?? throw new InvalidOperationException("The process has not ended.");

    /// <summary>Whether it ended within that time; null for as long as it takes.</summary>
    public bool WaitForExit(TimeSpan? time)
    {
        for (var clock = Stopwatch.StartNew(); !HasExited; Thread.Sleep(Interval))
            if (clock.Elapsed > time) return false;
        return true;
    }

    /// <summary>Ends it.</summary>
    public void Kill()
    {
        // Its id is another's only after it was buried.
        lock (_gate)
            if (!Bury()) _ = Signal(Id, Killing);
    }

    /// <summary>Ends those that it started and has not yet buried; false where there are none.</summary>
    public bool KillChildren()
    {
        lock (_gate)
        {
            if (Bury()) return false;
            var children = ProcessTree.Children(Id);
            foreach (var child in children) _ = Signal(child, Killing);
            return children.Count > 0;
        }
    }

    /// <summary>Ends it with all that it started and that is still its descendant.</summary>
    public void KillTree()
    {
        lock (_gate)
        {
            if (Bury()) return;
            var (tree, waiting) = (new List<int>(), new Stack<int>([Id]));
            while (waiting.TryPop(out var process))
            {
                tree.Add(process);
                _ = Signal(process, Stopping); // it starts none while they are looked for
                foreach (var child in ProcessTree.Children(process)) waiting.Push(child);
            }
            foreach (var process in tree) _ = Signal(process, Killing);
        }
    }

    /// <summary>Closes its pipes. It is ended, if at all, by whoever disposes of it; when it does end, nothing of it is left.</summary>
    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        _errors.Dispose();
        if (!HasExited) _ = BuryLater();
    }

    private async Task BuryLater()
    {
        while (!HasExited) await Task.Delay(Interval * 20).ConfigureAwait(false);
    }

    // Whether it has ended; its status is then taken from the system, which forgets it.
    private bool Bury()
    {
        if (_status is not null) return true;
        var buried = Wait(Id, out var status, WithoutWaiting);
        if (buried == 0) return false;
        var signal = status & 0x7f;
        _status = buried < 0 ? -1 : signal == 0 ? (status >> 8) & 0xff : 128 + signal;
        return true;
    }

    [LibraryImport("libc.so.6", EntryPoint = "waitpid")]
    private static partial int Wait(int process, out int status, int options);

    [LibraryImport("libc.so.6", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
