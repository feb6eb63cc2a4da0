using FlowRL.Numerics;

namespace FlowRL.Tests.Numerics;

public sealed class OpenMpTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1001)]
    public void Every_item_is_visited_once(int items)
    {
        var visits = new int[items];
        OpenMp.For(items, (first, last, rank) =>
        {
            Assert.InRange(rank, 0, OpenMp.Threads - 1);
            for (var i = first; i < last; i++) Interlocked.Increment(ref visits[i]);
        });
        Assert.All(visits, count => Assert.Equal(1, count));
    }
}
