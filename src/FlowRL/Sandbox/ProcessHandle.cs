using System.Runtime.InteropServices;

namespace FlowRL.Sandbox;

/// <summary>A process that is no child of this one, held so that its number cannot come to mean another (pidfd_open(2), Linux 5.3).</summary>
internal sealed partial class ProcessHandle : IDisposable
{
    private const int OpenCall = 434, SignalCall = 424; // the same on x64 and arm64
    private const int KillSignal = 9;
    private const short Readable = 1;
    private readonly int _file;

    private ProcessHandle(int process, int file) => (Id, _file) = (process, file);

    public int Id { get; }

    /// <summary>Whether it is no more, and with it, where it was the first of a namespace, all others of that.</summary>
    public bool HasEnded => Waits(0);

    /// <summary>The process of a number; null where there is none, or the system has no such handles.</summary>
    public static ProcessHandle? Open(int process) => Open(OpenCall, process, 0) is >= 0 and var file ? new ProcessHandle(process, (int)file) : null;

    public void Kill() => _ = Send(SignalCall, _file, KillSignal, 0, 0);

    /// <summary>Waits for its end; false where that takes longer.</summary>
    public bool WaitForEnd(TimeSpan patience) => Waits((int)patience.TotalMilliseconds);

    public void Dispose() => _ = Close(_file);

    private bool Waits(int milliseconds)
    {
        var poll = new Poll { File = _file, Events = Readable };
        return Wait(ref poll, 1, milliseconds) > 0;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Open(nint call, nint process, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Send(nint call, nint file, nint signal, nint information, nint flags);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Wait(ref Poll polls, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);

    [StructLayout(LayoutKind.Sequential)]
    private struct Poll
    {
        public int File;
        public short Events, Happened;
    }
}
