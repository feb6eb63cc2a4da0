using FlowRL.Numerics.Threads;

namespace FlowRL.Tests.Numerics.Threads;

public sealed class OpenMpTests
{
    private const int Threads = 4;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1001)]
    public void Every_item_is_visited_once(int items)
    {
        var visits = new int[items];
        OpenMp.For(items, Threads, (first, last, rank) =>
        {
            Assert.InRange(rank, 0, Threads - 1);
            for (var i = first; i < last; i++) Interlocked.Increment(ref visits[i]);
        });
        Assert.All(visits, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Shares_are_done_even_where_the_runtime_gives_fewer_threads_than_shares()
    {
        var visits = new int[Threads, 100];
        // Inside a region another one gets a single thread.
        OpenMp.For(Threads, Threads, (outerFirst, outerLast, _) =>
        {
            for (var outer = outerFirst; outer < outerLast; outer++)
            {
                var row = outer;
                OpenMp.For(100, Threads, (first, last, _) =>
                {
                    for (var i = first; i < last; i++) Interlocked.Increment(ref visits[row, i]);
                });
            }
        });
        Assert.All(visits.Cast<int>(), count => Assert.Equal(1, count));
    }

    [Fact]
    public void Sums_by_share_do_not_depend_on_who_computes_them()
    {
        (int, int)[] Shares()
        {
            var shares = new (int, int)[Threads];
            OpenMp.For(1001, Threads, (first, last, rank) => shares[rank] = (first, last));
            return shares;
        }
        var expected = Shares();
        for (var repeat = 0; repeat < 100; repeat++) Assert.Equal(expected, Shares());
    }

    [Fact]
    public void A_fault_reaches_the_caller() =>
        Assert.IsType<FormatException>(Assert.Throws<InvalidOperationException>(() =>
            OpenMp.For(1000, Threads, (_, _, _) => throw new FormatException())).InnerException);
}
