using FlowRL.Tokenization.Patterns;
using FlowRL.Tokenization.PreTokenizers;

namespace FlowRL.Tests.Tokenization.PreTokenizers;

public sealed class SplitPreTokenizerTests
{
    // "the-final--countdown" cut at "-" is the reference's own example of these behaviours.
    [Theory]
    [InlineData(nameof(SplitBehavior.Removed), false, "the|final|countdown")]
    [InlineData(nameof(SplitBehavior.Isolated), false, "the|-|final|-|-|countdown")]
    [InlineData(nameof(SplitBehavior.MergedWithPrevious), false, "the-|final-|-|countdown")]
    [InlineData(nameof(SplitBehavior.MergedWithNext), false, "the|-final|-|-countdown")]
    [InlineData(nameof(SplitBehavior.Contiguous), false, "the|-|final|--|countdown")]
    [InlineData(nameof(SplitBehavior.Removed), true, "-|-|-")]
    [InlineData(nameof(SplitBehavior.MergedWithPrevious), true, "the|-final|-|-countdown")]
    [InlineData(nameof(SplitBehavior.MergedWithNext), true, "the-|final-|-|countdown")]
    public void Matches_go_where_the_behaviour_puts_them(string behavior, bool isInverted, string pieces)
    {
        var pattern = TextPattern.OfExpression("-");
        var splitter = new SplitPreTokenizer(pattern, Enum.Parse<SplitBehavior>(behavior), isInverted);
        Assert.Equal(pieces, string.Join('|', Pieces.Of(splitter, "the-final--countdown").Select(piece => piece.Text)));
    }

    [Fact]
    public void Only_the_piece_at_the_start_of_the_text_is_the_first()
    {
        var splitter = new SplitPreTokenizer(TextPattern.OfExpression("b"), SplitBehavior.Isolated);
        Assert.Equal([("a", true), ("b", false), ("c", false)], Pieces.Of(splitter, "abc"));
        Assert.Equal([("a", false), ("b", false)], Pieces.Of(splitter, "ab", isFirst: false));
    }

    [Theory]
    [InlineData(nameof(PrependScheme.Never), false, "a▁b|▁c")]
    [InlineData(nameof(PrependScheme.First), true, "▁a▁b|▁c")]
    [InlineData(nameof(PrependScheme.First), false, "a▁b|▁c")]
    [InlineData(nameof(PrependScheme.Always), false, "▁a▁b|▁c")]
    public void Metaspace_puts_a_sign_where_its_scheme_says(string scheme, bool isFirst, string pieces)
    {
        var metaspace = new MetaspacePreTokenizer('▁', Enum.Parse<PrependScheme>(scheme), splits: false);
        string[] texts = ["a b", " c"];
        Assert.Equal(pieces, string.Join('|', texts.SelectMany(text => Pieces.Of(metaspace, text, isFirst)).Select(piece => piece.Text)));
    }

    [Fact]
    public void Metaspace_may_cut_before_each_sign()
    {
        var metaspace = new MetaspacePreTokenizer('▁', PrependScheme.Always, splits: true);
        Assert.Equal(["▁a", "▁", "▁b"], Pieces.Of(metaspace, "a  b").Select(piece => piece.Text));
    }
}

/// <summary>Gathers pieces.</summary>
internal sealed class Pieces : IPieceSink
{
    private readonly List<(string Text, bool IsFirst)> _pieces = [];

    public static IReadOnlyList<(string Text, bool IsFirst)> Of(PreTokenizer preTokenizer, string text, bool isFirst = true)
    {
        var pieces = new Pieces();
        preTokenizer.Split(text, isFirst, pieces);
        return pieces._pieces;
    }

    public void Take(ReadOnlySpan<char> piece, bool isFirst) => _pieces.Add((piece.ToString(), isFirst));
}
