using CsCheck;
using FlowRL.Tests.Support;
using FlowRL.Tokenization;

namespace FlowRL.Tests.Tokenization;

public sealed class ArithmeticVocabularyTests
{
    private static readonly PretrainedTokenizer Tokenizer = ArithmeticVocabulary.Create();

    private static string[] Tokens(string text) => Tokenizer.Encode(text).Select(id => Tokenizer.Decode([id])).ToArray();

    [Fact]
    public void Numbers_of_two_digits_are_one_token() =>
        Assert.Equal(["3", ",", "12", ",", "7", ",", "8", "=", "24", ":"], Tokens("3,12,7,8=24:"));

    [Theory]
    [InlineData("124", "12 4")]
    [InlineData("10099", "10 0 9 9")]
    [InlineData("7", "7")]
    [InlineData("07", "0 7")]
    [InlineData("(ab-10)/2", "( a b - 10 ) / 2")]
    public void Digits_pair_from_the_left(string text, string tokens) => Assert.Equal(tokens, string.Join(' ', Tokens(text)));

    [Fact]
    public void Ids_are_fixed()
    {
        Assert.Equal(142, Tokenizer.VocabularySize);
        Assert.Equal(1, Tokenizer.BeginOfSequenceId);
        Assert.Equal([2], Tokenizer.EndOfSequenceIds);
        Assert.Equal(0, Tokenizer.PaddingId);
        Assert.Equal([3, 12, 13, 102, 103, 141], Tokenizer.Encode("0 9 10 99 + z".Replace(" ", "")).Order());
        Assert.Equal(["<pad>", "<bos>", "<eos>"], Enumerable.Range(0, 3).Select(id => Tokenizer.Decode([id], skipSpecial: false)));
    }

    [Fact]
    public void What_is_decoded_is_what_was_encoded() =>
        Gen.Char[ArithmeticVocabulary.Alphabet].Array[0, 60].Select(c => new string(c))
            .Sample(text => Tokenizer.Decode(Tokenizer.Encode(text)) == text);

    [Fact]
    public void A_saved_vocabulary_loads_as_the_same()
    {
        using var folder = new TemporaryFolder();
        Tokenizer.Save(folder.Path);
        var loaded = PretrainedTokenizer.Load(folder.Path);
        const string text = "12,7=84: 12*7=84\n;abc";
        Assert.Equal(Tokenizer.Encode(text), loaded.Encode(text));
        Assert.Equal(Tokenizer.VocabularySize, loaded.VocabularySize);
        Assert.Equal(Tokenizer.BeginOfSequenceId, loaded.BeginOfSequenceId);
        Assert.Equal(Tokenizer.EndOfSequenceIds, loaded.EndOfSequenceIds);
        Assert.Equal(Tokenizer.PaddingId, loaded.PaddingId);
        Assert.True(loaded.IsSpecial(2));
    }

    [Theory]
    [InlineData("3×4", "'×' (U+00D7)")]
    [InlineData("1\t2", "U+0009")]
    [InlineData("12A", "'A' (U+0041)")]
    [InlineData("🦙", "'🦙' (U+1F999)")]
    public void A_character_outside_the_vocabulary_is_named(string text, string character)
    {
        var error = Assert.Throws<BadInputException>(() => Tokenizer.Encode(text));
        Assert.Equal($"The text holds the character {character}, for which the vocabulary of arithmetic/tokenizer.json " +
            "has no token; leave the character out or use a tokenizer that covers all bytes.", error.Message);
    }

    [Fact]
    public void Special_tokens_are_parsed_only_on_request()
    {
        Assert.Equal([2], Tokenizer.Encode("<eos>", parseSpecial: true));
        Assert.Throws<BadInputException>(() => Tokenizer.Encode("<eos>"));
    }
}
