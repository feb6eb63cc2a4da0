using System.Runtime.ExceptionServices;

namespace FlowRL.Numerics.Threads;

/// <summary>
/// A fixed number of threads that do one piece of work together, again and again; the caller is one of them. Between pieces the others
/// spin for a moment before they sleep: the next piece usually follows within microseconds, and waking a thread costs more.
/// </summary>
internal sealed class Crew : IDisposable
{
    private const int SpinsBeforeSleep = 2000;
    private readonly Thread[] _threads;
    private readonly object _gate = new();
    private Action<int>? _work;
    private Exception? _failure;
    private volatile int _round;
    private int _busy;
    private volatile bool _ends;

    /// <param name="size">Threads, the caller's included; at least 1.</param>
    public Crew(int size)
    {
        Size = size;
        _threads = [.. Enumerable.Range(1, size - 1).Select(rank =>
            new Thread(() => Serve(rank)) { IsBackground = true, Name = $"decode {rank}" })];
        foreach (var thread in _threads) thread.Start();
    }

    public int Size { get; }

    /// <summary>Runs <paramref name="work"/> once for each rank 0 to <see cref="Size"/> − 1, side by side, and waits for all.</summary>
    public void Run(Action<int> work)
    {
        _work = work;
        Volatile.Write(ref _busy, _threads.Length);
        Announce();
        Work(0);
        var wait = new SpinWait();
        while (Volatile.Read(ref _busy) > 0) wait.SpinOnce(sleep1Threshold: -1);
        if (Interlocked.Exchange(ref _failure, null) is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    public void Dispose()
    {
        _ends = true;
        Announce();
        foreach (var thread in _threads) thread.Join();
    }

    private void Announce()
    {
        lock (_gate)
        {
            _round++;
            Monitor.PulseAll(_gate);
        }
    }

    private void Serve(int rank)
    {
        NativeRuntime.FlushDenormals();
        var done = 0;
        while (true)
        {
            Await(done);
            done++;
            if (_ends) return;
            Work(rank);
            Interlocked.Decrement(ref _busy);
        }
    }

    private void Await(int done)
    {
        for (var i = 0; i < SpinsBeforeSleep; i++)
        {
            if (_round > done) return;
            Thread.SpinWait(20);
        }
        lock (_gate)
        {
            while (_round <= done) Monitor.Wait(_gate);
        }
    }

    private void Work(int rank)
    {
        try
        {
            _work!(rank);
        }
        catch (TeamBrokenException)
        {
            // Another member's failure is the one to tell.
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }
    }
}
