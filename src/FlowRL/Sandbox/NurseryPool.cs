namespace FlowRL.Sandbox;

/// <summary>
/// Nurseries of one kind, each with one program at a time, and started when there are more programs than nurseries. Those that wait are bounded in number
/// for this process as a whole: the one that has waited longest ends first. Thread-safe.
/// </summary>
/// <param name="start">Starts one; null where there can be none.</param>
internal sealed class NurseryPool(Func<Nursery?> start) : IDisposable
{
    private static readonly int Most = 4 * Environment.ProcessorCount;
    private static readonly List<(NurseryPool Pool, Nursery Nursery)> Waiting = [];
    private static readonly Lock Gate = new();
    private bool _hasWorked, _isRefused, _isDisposed;

    /// <summary>A fork without a program; null where there can be none, so that a program needs a sandbox of its own.</summary>
    public SandboxedProcess? Start()
    {
        while (Next() is { } nursery)
            if (Fork(nursery) is { } process) return process;
        if (_isRefused) return null;
        if (start() is { } fresh)
        {
            fresh.Ask();
            if (Fork(fresh) is { } first)
            {
                _hasWorked = true;
                return first;
            }
        }
        _isRefused = !_hasWorked; // one that came to grief is no reason to do without
        return null;
    }

    public void Dispose()
    {
        lock (Gate) _isDisposed = true;
        while (Next() is { } nursery) nursery.Dispose();
    }

    /// <summary>Ends those of this process that have no program.</summary>
    internal static void EndIdle()
    {
        List<(NurseryPool Pool, Nursery Nursery)> idle;
        lock (Gate)
        {
            idle = [.. Waiting];
            Waiting.Clear();
        }
        idle.ForEach(waiting => waiting.Nursery.Dispose());
    }

    private SandboxedProcess? Fork(Nursery nursery)
    {
        if (nursery.Take(Return) is { } process) return process;
        nursery.Dispose();
        return null;
    }

    private Nursery? Next()
    {
        lock (Gate)
        {
            var at = Waiting.FindLastIndex(waiting => waiting.Pool == this);
            if (at < 0) return null;
            var nursery = Waiting[at].Nursery;
            Waiting.RemoveAt(at);
            return nursery;
        }
    }

    private void Return(Nursery nursery)
    {
        var surplus = nursery;
        lock (Gate)
        {
            if (!_isDisposed)
            {
                Waiting.Add((this, nursery));
                surplus = Waiting.Count > Most ? Waiting[0].Nursery : null;
                if (surplus is not null) Waiting.RemoveAt(0);
            }
        }
        surplus?.Dispose();
    }
}
