using CsCheck;
using FlowRL.Configuration;

namespace FlowRL.Tests.Configuration;

public sealed class SpellingTests
{
    private static readonly Gen<string> Words = Gen.Char['a', 'd'].Array[0, 8].Select(c => new string(c));

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("step", "steps", 1)]
    [InlineData("stpes", "steps", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ca", "abc", 3)]
    public void Distances_count_edits_and_swaps(string a, string b, int distance) => Assert.Equal(distance, Spelling.Distance(a, b));

    [Fact]
    public void Distance_is_symmetric_and_zero_only_for_equals() => Gen.Select(Words, Words).Sample((a, b) =>
        Spelling.Distance(a, b) == Spelling.Distance(b, a) && (Spelling.Distance(a, b) == 0) == (a == b)
        && Spelling.Distance(a, b) <= Math.Max(a.Length, b.Length));

    [Fact]
    public void Nothing_near_is_no_suggestion()
    {
        Assert.Null(Spelling.Nearest("wholly", ["steps", "beta"]));
        Assert.Null(Spelling.Nearest("x", []));
        Assert.Null(Spelling.Nearest("st", ["steps_of_it"]));
        Assert.Equal("rejection_sampling", Spelling.Nearest("rejection", ["flowrl", "rejection_sampling"]));
        Assert.Equal("beta", Spelling.Nearest("bta", ["steps", "beta"]));
    }
}
