using CsCheck;
using FlowRL.Tokenization;

namespace FlowRL.Tests.Tokenization;

public sealed class StreamingDecoderTests
{
    private static string Stream(ITokenizer tokenizer, int[] ids, bool skipSpecial)
    {
        var decoder = new StreamingDecoder(tokenizer, skipSpecial);
        return string.Concat(ids.Select(decoder.Push)) + decoder.Flush();
    }

    [Fact]
    public void All_pieces_together_are_the_decoded_text()
    {
        var llama2c = TokenizerLoader.Load(GoldenTokenizers.PathOf("stories260K", "tok512.bin"));
        foreach (var tokenizer in new[] { GoldenTokenizers.Gpt2, GoldenTokenizers.Qwen3, llama2c })
        {
            Gen.Select(PretrainedTokenizerTests.UnicodeText.Select(t => tokenizer.Encode(t)), Gen.Bool).Sample((ids, skip) =>
                Stream(tokenizer, ids, skip) == tokenizer.Decode(ids, skip), iter: 500);
            // Ids in no sensible order: bytes that are not UTF-8, special tokens between them.
            Gen.Select(Gen.Int[0, tokenizer.VocabularySize - 1].Array[0, 30], Gen.Bool).Sample((ids, skip) =>
                Stream(tokenizer, ids, skip) == tokenizer.Decode(ids, skip), iter: 1000);
        }
    }

    [Fact]
    public void A_character_comes_out_whole()
    {
        var ids = GoldenTokenizers.Gpt2.Encode("🦙");
        Assert.Equal(3, ids.Length);
        var decoder = new StreamingDecoder(GoldenTokenizers.Gpt2);
        Assert.Equal(["", "", "🦙"], ids.Select(decoder.Push));
        Assert.Equal("", decoder.Flush());
    }

    [Fact]
    public void What_was_begun_ends_as_the_replacement_character()
    {
        var decoder = new StreamingDecoder(GoldenTokenizers.Gpt2);
        Assert.Equal("", decoder.Push(GoldenTokenizers.Gpt2.Encode("🦙").AsSpan(0, 2)));
        Assert.Equal("\uFFFD", decoder.Flush());
        Assert.Equal("a", decoder.Push(GoldenTokenizers.Gpt2.Encode("a")));
    }
}
