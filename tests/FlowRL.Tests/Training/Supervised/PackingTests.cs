using CsCheck;
using FlowRL.Training.Supervised;

namespace FlowRL.Tests.Training.Supervised;

public sealed class PackingTests
{
    private static readonly Gen<(List<int> Lengths, int Capacity)> Any =
        Gen.Int[1, 60].SelectMany(capacity => Gen.Int[1, capacity].List[0, 80].Select(lengths => (lengths, capacity)));

    [Fact]
    public void Each_is_in_one_pack_and_no_pack_holds_too_much() => Any.Sample(some =>
    {
        var packs = Packing.BestFit(some.Lengths, some.Capacity);
        Assert.Equal(Enumerable.Range(0, some.Lengths.Count), packs.SelectMany(pack => pack).Order());
        Assert.All(packs, pack => Assert.InRange(pack.Sum(place => some.Lengths[place]), 1, some.Capacity));
    });

    /// <summary>No two packs could be one, so that all but one are more than half full.</summary>
    [Fact]
    public void No_two_packs_could_be_one() => Any.Sample(some =>
    {
        var fill = Packing.BestFit(some.Lengths, some.Capacity).Select(pack => pack.Sum(place => some.Lengths[place])).Order().Take(2).ToList();
        Assert.True(fill.Count < 2 || fill.Sum() > some.Capacity);
    });

    [Fact]
    public void How_many_packs_there_are_does_not_depend_on_the_order() => Gen.Select(Any, Gen.ULong).Sample((some, seed) =>
    {
        var shuffled = Seeds.Permutation(seed, some.Lengths.Count).Select(place => some.Lengths[place]).ToList();
        Assert.Equal(Fills(some.Lengths), Fills(shuffled));
        IEnumerable<int> Fills(List<int> lengths) => Packing.BestFit(lengths, some.Capacity).Select(pack => pack.Sum(place => lengths[place])).Order();
    });

    [Fact]
    public void The_longest_comes_first_and_each_goes_where_it_fits_best() =>
        Assert.Equal([[2, 3], [0, 1], [4]], Packing.BestFit([6, 4, 7, 3, 1], 10));

    [Theory]
    [InlineData(11)]
    [InlineData(0)]
    public void What_fits_no_pack_is_refused(int length) => Assert.Throws<ArgumentOutOfRangeException>(() => Packing.BestFit([length], 10));
}
