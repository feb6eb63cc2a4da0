using CsCheck;

namespace FlowRL.Tests;

public sealed class SeedsTests
{
    [Fact]
    public void A_permutation_holds_every_index_once() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 200]).Sample((seed, count) =>
            Seeds.Permutation(seed, count).Order().SequenceEqual(Enumerable.Range(0, count)));

    [Fact]
    public void Draws_are_uniform()
    {
        var seed = Seeds.Derive(1, "test");
        var draws = Enumerable.Range(0, 100_000).Select(i => Seeds.Uniform(seed, i)).ToArray();
        Assert.All(draws, u => Assert.InRange(u, 0, 1));
        Assert.Equal(0.5, draws.Average(), 0.005);
        Assert.Equal(1.0 / 12, draws.Average(u => (u - 0.5) * (u - 0.5)), 0.002);
    }

    [Fact]
    public void Streams_differ_by_seed_name_and_index()
    {
        var seeds = new[] { Seeds.Derive(1, "a"), Seeds.Derive(2, "a"), Seeds.Derive(1, "b"), Seeds.Derive(1, "a", 0), Seeds.Derive(1, "a", 1) };
        Assert.Equal(seeds.Length, seeds.Distinct().Count());
    }
}
