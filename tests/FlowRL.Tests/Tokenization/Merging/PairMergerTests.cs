using CsCheck;
using FlowRL.Tokenization;
using FlowRL.Tokenization.Merging;

namespace FlowRL.Tests.Tokenization.Merging;

public sealed class PairMergerTests
{
    /// <summary>Any table: what two ids become and when depends on both.</summary>
    private sealed class SomeMerges(int seed) : IMerges
    {
        public bool TryMerge(int left, int right, out Merge merge)
        {
            var hash = (uint)((left * 31 + right) * 17 + seed) * 2654435761;
            merge = new Merge(hash % 5, (int)(hash % 11));
            return hash % 3 != 0;
        }
    }

    [Fact]
    public void Short_and_long_pieces_are_merged_alike() =>
        Gen.Select(Gen.Int[0, 10].Array[0, 60], Gen.Int[0, 1000]).Sample((ids, seed) =>
        {
            var (one, other) = (ids.ToArray(), ids.ToArray());
            var (left, right) = (PairMerger.RunShort(one, new SomeMerges(seed)), PairMerger.RunLong(other, new SomeMerges(seed)));
            Assert.Equal(one[..left], other[..right]);
        }, iter: 3000);

    [Fact]
    public void Of_equal_ranks_the_leftmost_merges_first()
    {
        var merges = MergeTable.OfScores(new() { ["a"] = (0, 0), ["aa"] = (1, 5) });
        int[] ids = [0, 0, 0];
        Assert.Equal(2, PairMerger.Run(ids, merges));
        Assert.Equal([1, 0], ids[..2]);
    }

    [Fact]
    public void Words_apart_are_the_text_as_one_piece()
    {
        // A merge across the beginning of a word forbids taking the words apart; with and without it nothing else changes.
        var apart = PretrainedTokenizer.Load(GoldenTokenizers.PathOf("kinds", "llama2"));
        using var folder = new Support.TemporaryFolder();
        var json = File.ReadAllText(GoldenTokenizers.PathOf("kinds", "llama2", "tokenizer.json"))
            .Replace("\"merges\":[", "\"merges\":[\"☃ ▁\",", StringComparison.Ordinal)
            .Replace("\"vocab\":{", "\"vocab\":{\"☃\":1000,\"☃▁\":1001,", StringComparison.Ordinal);
        File.WriteAllText(folder.In("tokenizer.json"), json);
        var whole = PretrainedTokenizer.Load(folder.Path);
        PretrainedTokenizerTests.UnicodeText.Where(text => !text.Contains('☃')).Sample(text =>
            Assert.Equal(whole.Encode(text), apart.Encode(text)), iter: 1000);
        Assert.Contains(1001, whole.Encode("☃ b"));
    }
}
