namespace FlowRL.Sandbox;

/// <summary>One thread that looks after all sandboxed processes and ends those that use more than they may.</summary>
internal static class Watchdog
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly Lock Gate = new();
    private static readonly List<SandboxedProcess> Watched = [];
    private static readonly ManualResetEventSlim AnyWatched = new();
    private static Thread? _thread;

    public static void Add(SandboxedProcess process)
    {
        lock (Gate)
        {
            Watched.Add(process);
            AnyWatched.Set();
            if (_thread is not null) return;
            _thread = new Thread(Watch) { IsBackground = true, Name = "sandbox watchdog", Priority = ThreadPriority.AboveNormal };
            _thread.Start();
        }
    }

    public static void Remove(SandboxedProcess process)
    {
        lock (Gate)
        {
            Watched.Remove(process);
            if (Watched.Count == 0) AnyWatched.Reset();
        }
    }

    private static void Watch()
    {
        while (true)
        {
            AnyWatched.Wait();
            Thread.Sleep(Interval);
            SandboxedProcess[] now;
            lock (Gate) now = [.. Watched];
            foreach (var process in now) process.Look();
        }
    }
}
