using FlowRL.Tests.Support;

namespace FlowRL.Tests.Configuration;

public sealed class HostileYamlTests
{
    [Fact]
    public void Deep_nesting_is_refused() => Assert.Equal(
        $"recipe.yaml:1: name{string.Concat(Enumerable.Repeat("[0]", 24))}: is nested more than 24 levels deep.",
        Toy.Refusal("name: " + new string('[', 100_000)));

    [Fact]
    public void A_large_text_is_refused() => Assert.Equal(
        "recipe.yaml: is longer than the 262144 characters that a recipe may have.", Toy.Refusal(new string('#', 300_000)));

    [Fact]
    public void A_list_that_is_not_closed_is_named_with_its_line() => Assert.Equal(
        "recipe.yaml:2: this is not YAML: a bracket or a brace is not closed.", Toy.Refusal("steps: 3\nname: [1\nalgorithm: flow"));

    [Fact]
    public void Many_errors_are_counted_not_printed()
    {
        var lines = Toy.Refusal(
            "algorithm: flow\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"zz{i}zzzzzz: 1\n"))).Split('\n');
        Assert.Equal(51, lines.Length);
        Assert.Equal("... and 4950 more.", lines[^1]);
    }

    [Fact]
    public void Long_values_are_quoted_short_and_on_one_line() => Assert.Equal(
        $"recipe.yaml:1: steps: 'a {new string('b', 58)}...' is not a whole number.\n" +
        "recipe.yaml: algorithm: is missing; give one of 'flow', 'group', 'plain'.",
        Toy.Refusal($"steps: \"a\\n{new string('b', 1000)}\""));

    [Theory]
    [InlineData("{")]
    [InlineData("[")]
    [InlineData("\"")]
    [InlineData("? ")]
    [InlineData("- ")]
    [InlineData("a: ")]
    [InlineData("a:\n ")]
    [InlineData("<<: *a\n")]
    [InlineData("%YAML 1.2\n")]
    [InlineData("\t")]
    [InlineData("\0")]
    [InlineData("|\n")]
    public void Garbage_ends_in_a_message_and_soon(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 250_000 / piece.Length));
        var took = ThreadClock.Of(() => Assert.NotEmpty(Toy.Refusal(text)));
        Assert.InRange(took.TotalSeconds, 0, 5);
    }
}
