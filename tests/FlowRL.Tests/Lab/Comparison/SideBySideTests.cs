using FlowRL.Lab.Comparison;

namespace FlowRL.Tests.Lab.Comparison;

public sealed class SideBySideTests
{
    [Fact]
    public async Task Pieces_begin_in_order_and_no_more_than_asked_for_are_at_work()
    {
        var begun = new List<int>();
        var ends = Enumerable.Range(0, 5).Select(_ => new TaskCompletionSource()).ToList();
        var all = SideBySide.RunAsync(5, 2, (i, _) =>
        {
            lock (begun) begun.Add(i);
            return ends[i].Task;
        }, CancellationToken.None);
        Assert.Equal([0, 1], begun);
        ends[1].SetResult();
        Assert.Equal([0, 1, 2], begun);
        foreach (var end in ends) end.TrySetResult();
        await all;
        Assert.Equal([0, 1, 2, 3, 4], begun);
    }

    [Fact]
    public async Task A_failure_ends_those_beside_it_and_is_what_is_told()
    {
        var (begun, stopped) = (new List<int>(), false);
        var second = new TaskCompletionSource();
        var all = SideBySide.RunAsync(4, 2, async (i, stop) =>
        {
            begun.Add(i);
            if (i == 0)
            {
                await second.Task;
                throw new BadInputException("wrong");
            }
            stop.Register(() => stopped = true);
            second.SetResult();
            await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => throw Interrupted("b", 7), TaskScheduler.Default);
        }, CancellationToken.None);
        Assert.Equal("wrong", (await Assert.ThrowsAsync<BadInputException>(() => all)).Message);
        Assert.True(stopped);
        Assert.Equal([0, 1], begun);
    }

    [Fact]
    public async Task What_was_stopped_together_is_told_together()
    {
        using var stop = new CancellationTokenSource();
        var all = SideBySide.RunAsync(3, 2, async (i, token) =>
        {
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => throw Interrupted(i == 0 ? "b" : "a", i == 0 ? 7 : null), TaskScheduler.Default);
        }, stop.Token);
        await stop.CancelAsync();
        var told = await Assert.ThrowsAsync<ComparisonInterruptedException>(() => all);
        Assert.Equal("Stopped after step 7 of b, seed 1, and at a, seed 1; what is finished is kept.", told.Message);
    }

    private static ComparisonInterruptedException Interrupted(string objective, int? step) =>
        new(Comparisons.Plan("out").Runs.First(run => run.Objective == objective), step, new OperationCanceledException());
}
