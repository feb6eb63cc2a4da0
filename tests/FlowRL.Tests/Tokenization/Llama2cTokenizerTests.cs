using System.Text.Json;
using CsCheck;
using FlowRL.Tests.Support;
using FlowRL.Tokenization;

namespace FlowRL.Tests.Tokenization;

public sealed class Llama2cTokenizerTests
{
    private static readonly Llama2cTokenizer Stories = Llama2cTokenizer.Load(GoldenTokenizers.PathOf("stories260K", "tok512.bin"));
    private static readonly Llama2cTokenizer Characters = Llama2cTokenizer.Load(GoldenTokenizers.PathOf("babyllama-tok105", "tok105.bin"));

    private static (int[] Ids, string Text) Golden(string model)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(GoldenTokenizers.PathOf(model, "golden_text.json")));
        return (json.RootElement.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32()).ToArray(),
            json.RootElement.GetProperty("text").GetString()!);
    }

    [Fact]
    public void Golden_ids_decode_to_the_golden_texts()
    {
        var (stories, storiesText) = Golden("stories260K");
        // The golden text writes the byte token as the file spells it and keeps the space that is put before a text.
        Assert.Equal(storiesText.Replace("<0x0A>", "\n"), " " + Stories.Decode(stories));
        var (characters, charactersText) = Golden("babyllama-tok105");
        Assert.Equal(charactersText, " " + Characters.Decode(characters));
    }

    [Fact]
    public void Golden_texts_encode_to_the_golden_ids()
    {
        var (stories, storiesText) = Golden("stories260K");
        Assert.Equal(stories[1..], Stories.Encode(storiesText.Replace("<0x0A>", "\n")[1..]));
        var (characters, charactersText) = Golden("babyllama-tok105");
        Assert.Equal(characters[1..], Characters.Encode(charactersText[1..]));
    }

    [Fact]
    public void The_expected_output_of_llama2c_is_reproduced()
    {
        var text = File.ReadAllText(GoldenTokenizers.PathOf("stories260K", "expected_greedy_200.txt")).TrimEnd('\n');
        var ids = Stories.Encode(text);
        Assert.Equal(Golden("stories260K").Ids[1..], ids[..64]);
        Assert.Equal(text, Stories.Decode([1, .. ids]));
    }

    [Fact]
    public void After_the_begin_of_sequence_any_text_comes_back() =>
        PretrainedTokenizerTests.UnicodeText.Sample(text => Stories.Decode([1, .. Stories.Encode(text)]) == text, iter: 1000);

    [Fact]
    public void Special_tokens_are_parsed_only_on_request()
    {
        Assert.Equal([1, .. Stories.Encode("Once"), 2], Stories.Encode("<s>Once</s>", parseSpecial: true));
        var plain = Stories.Encode("<s>Once</s>");
        Assert.DoesNotContain(1, plain);
        Assert.Equal("<s>Once</s>", Stories.Decode([1, .. plain]));
        Assert.Equal("<s>Once</s>", Stories.Decode([1, .. Stories.Encode("Once"), 2], skipSpecial: false));
    }

    [Fact]
    public void A_saved_vocabulary_loads_as_the_same()
    {
        using var folder = new TemporaryFolder();
        Stories.Save(folder.Path);
        Assert.Equal(Stories.Encode("Lily's mom said"), TokenizerLoader.Load(folder.Path).Encode("Lily's mom said"));
        Assert.Equal(512, TokenizerLoader.Load(folder.Path).VocabularySize);
    }

    [Fact]
    public void Without_byte_tokens_an_unknown_character_is_refused()
    {
        var error = Assert.Throws<BadInputException>(() => Characters.Encode("one = 1"));
        var file = GoldenTokenizers.PathOf("babyllama-tok105", "tok105.bin");
        Assert.Equal($"The text holds the character '=' (U+003D), for which the vocabulary of {file} " +
            "has no token; leave the character out or use a tokenizer that covers all bytes.", error.Message);
    }

    [Theory]
    [InlineData(500, "at byte 494 it ends within token 53")]
    public void A_truncated_file_is_refused(int bytes, string what)
    {
        using var folder = new TemporaryFolder();
        var file = folder.In("tok.bin");
        File.WriteAllBytes(file, File.ReadAllBytes(GoldenTokenizers.PathOf("babyllama-tok105", "tok105.bin"))[..bytes]);
        var error = Assert.Throws<BadInputException>(() => TokenizerLoader.Load(file));
        Assert.Equal($"{file} is not a whole llama2.c vocabulary: {what}; fetch the file again, or give another tokenizer.", error.Message);
    }

    [Fact]
    public void Bad_bytes_are_refused_with_their_place()
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(GoldenTokenizers.PathOf("babyllama-tok105", "tok105.bin"));
        void Says(byte[] content, string message) => Assert.Equal($"{folder.In("tok.bin")} {message}; fetch the file again, or give another tokenizer.",
            Assert.Throws<BadInputException>(() => Llama2cTokenizer.Load(folder.Write("tok.bin", content))).Message);
        Says([], "is empty");
        byte[] bytes = [.. whole];
        bytes[12] = 0xFF; // after the longest token's length, a score and a length: the first token
        Says(bytes, "is not a whole llama2.c vocabulary: at byte 12 token 0 is not UTF-8");
        bytes = [.. whole];
        BitConverter.TryWriteBytes(bytes.AsSpan(4), float.NaN);
        Says(bytes, "is not a whole llama2.c vocabulary: at byte 4 token 0 has a score that is no finite number");
    }
}
