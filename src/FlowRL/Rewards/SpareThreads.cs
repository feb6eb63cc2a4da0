namespace FlowRL.Rewards;

/// <summary>
/// Keeps room in the thread pool for threads that verifiers hold. The pool starts threads beyond its minimum only slowly, so code that
/// blocks would starve timers and continuations of the whole process; raising the minimum by what may block keeps the rest as it was.
/// </summary>
internal static class SpareThreads
{
    private static readonly Lock Gate = new();

    public static void Add(int count)
    {
        lock (Gate)
        {
            ThreadPool.GetMinThreads(out var workers, out var completion);
            ThreadPool.GetMaxThreads(out var most, out _);
            ThreadPool.SetMinThreads(Math.Clamp(workers + count, 1, most), completion);
        }
    }
}
