namespace FlowRL.Tests.Support;

/// <summary>Time that passes when a test says so, with the timers that wait for it.</summary>
public sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private readonly List<(int Timers, TaskCompletionSource Reached)> _waiting = [];
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    /// <summary>Lets time pass, and calls on this thread the timers that are due by then.</summary>
    public void Advance(TimeSpan by)
    {
        Timer[] due;
        lock (_gate)
        {
            _ticks += by.Ticks;
            due = [.. _timers.Where(timer => timer.Due <= _ticks)];
            foreach (var timer in due) _timers.Remove(timer);
        }
        foreach (var timer in due) timer.Call();
    }

    /// <summary>Ends as soon as so many timers wait at once.</summary>
    public Task Timers(int count)
    {
        lock (_gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, reached));
            Look();
            return reached.Task;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan) throw new NotSupportedException("Timers that repeat are not needed here.");
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private void Look()
    {
        foreach (var (timers, reached) in _waiting)
        {
            if (_timers.Count >= timers) reached.TrySetResult();
        }
        _waiting.RemoveAll(wait => wait.Reached.Task.IsCompleted);
    }

    private sealed class Timer(ManualClock clock, Action call) : ITimer
    {
        public long Due { get; private set; }

        public void Call() => call();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = clock._ticks + dueTime.Ticks;
                clock._timers.Add(this);
                clock.Look();
            }
            return true;
        }

        public void Dispose()
        {
            lock (clock._gate) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
