using System.Runtime.ExceptionServices;

namespace FlowRL.Lab.Comparison;

/// <summary>Pieces of work side by side, begun in their order.</summary>
internal static class SideBySide
{
    /// <param name="count">How many pieces there are.</param>
    /// <param name="atOnce">How many are at work at a time, from 1.</param>
    /// <param name="work">Does one, by number from 0; its token ends it where another has failed, too.</param>
    /// <param name="cancellation">Ends all.</param>
    /// <returns>Ends when no piece is at work any more: with all done, or with the first failure, or with what was interrupted.</returns>
    /// <exception cref="ComparisonInterruptedException">Cancelled; says which were at work.</exception>
    public static async Task RunAsync(int count, int atOnce, Func<int, CancellationToken, Task> work, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (next, ended) = (-1, new SortedList<int, Exception>());
        async Task OneAfterTheOther()
        {
            while (Interlocked.Increment(ref next) is var i && i < count)
            {
                try
                {
                    await work(i, stop.Token);
                }
                catch (Exception e)
                {
                    lock (ended) ended.Add(i, e);
                    await stop.CancelAsync();
                    return;
                }
                lock (ended) if (ended.Count > 0) return;
            }
        }
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => OneAfterTheOther()));
        if (ended.Values.FirstOrDefault(e => e is not ComparisonInterruptedException) is { } failure) ExceptionDispatchInfo.Throw(failure);
        if (ended.Count > 0) throw ComparisonInterruptedException.Of([.. ended.Values.Cast<ComparisonInterruptedException>()]);
    }
}

/// <summary>A comparison was asked to stop; nothing that is finished is lost.</summary>
public sealed class ComparisonInterruptedException : OperationCanceledException
{
    private readonly IReadOnlyList<string> _places;

    /// <param name="run">The run that was stopped.</param>
    /// <param name="step">Its last finished step; null where it was not training.</param>
    /// <param name="inner">How the work ended.</param>
    public ComparisonInterruptedException(PlannedRun run, int? step, Exception inner)
        : this([$"{(step is null ? "at" : $"after step {step} of")} {run.Title}"], inner) { }

    private ComparisonInterruptedException(IReadOnlyList<string> places, Exception inner)
        : base($"Stopped {string.Join(", and ", places)}; what is finished is kept.", inner) => _places = places;

    /// <summary>Several that were stopped together, as one.</summary>
    internal static ComparisonInterruptedException Of(IReadOnlyList<ComparisonInterruptedException> all) => all.Count == 1 ? all[0]
        : new ComparisonInterruptedException([.. all.SelectMany(one => one._places)], new AggregateException(all));
}
