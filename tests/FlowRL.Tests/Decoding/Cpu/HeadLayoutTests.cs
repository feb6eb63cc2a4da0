using CsCheck;
using FlowRL.Decoding.Cpu;

namespace FlowRL.Tests.Decoding.Cpu;

public sealed class HeadLayoutTests
{
    [Fact]
    public void Every_number_has_one_place_and_pairs_that_turn_are_a_half_apart() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[0, 40], Gen.Int[2, 4]).Sample((pairs, rest, power) =>
        {
            var lanes = 1 << power;
            var head = new HeadLayout(2 * pairs + 2 * rest, 2 * pairs, lanes);
            Assert.Equal(0, head.Half % lanes);
            Assert.Equal(0, head.Padded % (2 * lanes));
            var turned = Enumerable.Range(0, head.Padded).Select(head.TurnedAt).ToList();
            Assert.Equal(Enumerable.Range(0, head.Width), turned.Where(number => number >= 0).Order());
            for (var i = 0; i < pairs; i++) Assert.Equal(turned.IndexOf(i) + head.Half, turned.IndexOf(pairs + i));
            Assert.Equal(Enumerable.Range(0, head.Width), Enumerable.Range(0, head.Padded).Select(head.ValueAt).Where(number => number >= 0));
        });

    [Theory]
    [InlineData(64, 64, 16)]
    [InlineData(32, 32, 16)]
    [InlineData(128, 96, 16)]
    public void Heads_of_whole_registers_lie_as_the_weights_give_them(int width, int turned, int lanes)
    {
        var head = new HeadLayout(width, turned, lanes);
        Assert.True(head.IsPlain);
        Assert.Equal(Enumerable.Range(0, width), Enumerable.Range(0, width).Select(head.TurnedAt));
    }
}
