using System.Text.Json;
using CsCheck;
using FlowRL.Tests.Support;
using FlowRL.Tokenization;
using FlowRL.Tokenization.Normalizers;

namespace FlowRL.Tests.Tokenization;

public sealed class PretrainedTokenizerTests
{
    private const int SurrogateCount = 0x800;

    /// <summary>Any text without lone surrogates: mostly ASCII and spaces, and every plane of Unicode.</summary>
    internal static readonly Gen<string> UnicodeText = Gen.OneOf(
            Gen.Char[" \t\n\r'abstremADl09.,!_"].Select(c => (int)c),
            Gen.Int[0, 0x24F],
            Gen.Int[0x300, 0x36F],
            Gen.Int[0, 0xFFFF - SurrogateCount].Select(c => c < 0xD800 ? c : c + SurrogateCount),
            Gen.Int[0x10000, 0x10FFFF])
        .Array[0, 40].Select(points => string.Concat(points.Select(char.ConvertFromUtf32)));

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var name in new[] { "gpt-2", "qwen2" })
        {
            for (var i = 0; i < 46; i++)
                cases.Add(name, $"{i}");
        }
        return cases;
    }

    private static string[] Texts(string name) =>
        File.ReadAllText(GoldenTokenizers.PathOf("cases", $"{name}.inp")).Split("\n__ggml_vocab_test__\n");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Published_cases_have_their_published_ids(string name, string index)
    {
        var tokenizer = name == "gpt-2" ? GoldenTokenizers.Gpt2 : GoldenTokenizers.Qwen3;
        var i = int.Parse(index, System.Globalization.CultureInfo.InvariantCulture);
        var text = Texts(name)[i];
        var expected = File.ReadAllLines(GoldenTokenizers.PathOf("cases", $"{name}.out"))[i];
        Assert.Equal(expected.Trim(), string.Join(' ', tokenizer.Encode(text)));
    }

    [Theory]
    [InlineData("gpt-2")]
    [InlineData("qwen2")]
    public void There_are_46_published_cases_and_an_empty_rest(string name)
    {
        var texts = Texts(name);
        Assert.Equal(47, texts.Length);
        Assert.Equal("", texts[46]);
    }

    [Fact]
    public void Qwen3_agrees_with_another_implementation()
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(GoldenTokenizers.PathOf("qwen3", "qwen3_golden_js.json")));
        Assert.Equal(14, cases.RootElement.GetArrayLength());
        foreach (var @case in cases.RootElement.EnumerateArray())
        {
            var expected = @case.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32());
            Assert.Equal(expected, GoldenTokenizers.Qwen3.Encode(@case.GetProperty("text").GetString()!, parseSpecial: true));
        }
    }

    [Fact]
    public void Gpt2_gives_any_text_back() =>
        UnicodeText.Sample(text => GoldenTokenizers.Gpt2.Decode(GoldenTokenizers.Gpt2.Encode(text)) == text, iter: 2000);

    [Fact]
    public void Qwen3_gives_any_text_back_composed() =>
        UnicodeText.Sample(text => GoldenTokenizers.Qwen3.Decode(GoldenTokenizers.Qwen3.Encode(text))
            == CanonicalComposition.Compose(text), iter: 2000);

    [Fact]
    public void Qwen3_reads_decomposed_text_as_composed()
    {
        Assert.Equal(GoldenTokenizers.Qwen3.Encode("\u00E9"), GoldenTokenizers.Qwen3.Encode("e\u0301"));
        Assert.NotEqual(GoldenTokenizers.Gpt2.Encode("\u00E9"), GoldenTokenizers.Gpt2.Encode("e\u0301"));
    }

    [Fact]
    public void A_lone_surrogate_becomes_the_replacement_character()
    {
        Assert.Equal("a\uFFFDb", GoldenTokenizers.Qwen3.Decode(GoldenTokenizers.Qwen3.Encode("a\uD83Db")));
        Assert.Equal("a\uFFFD", GoldenTokenizers.Gpt2.Decode(GoldenTokenizers.Gpt2.Encode("a\uD83D")));
    }

    [Fact]
    public void Special_tokens_in_a_text_stay_text_unless_asked_for()
    {
        const string text = "a<|im_end|>b";
        Assert.DoesNotContain(151645, GoldenTokenizers.Qwen3.Encode(text));
        Assert.Equal(text, GoldenTokenizers.Qwen3.Decode(GoldenTokenizers.Qwen3.Encode(text)));
        Assert.Equal([64, 151645, 65], GoldenTokenizers.Qwen3.Encode(text, parseSpecial: true));
        Assert.Equal("ab", GoldenTokenizers.Qwen3.Decode([64, 151645, 65]));
        Assert.Equal(text, GoldenTokenizers.Qwen3.Decode([64, 151645, 65], skipSpecial: false));
    }

    [Fact]
    public void Added_tokens_that_are_not_special_are_always_found()
    {
        Assert.Equal([151667, 64, 151668], GoldenTokenizers.Qwen3.Encode("<think>a</think>"));
        Assert.Equal("<think>a</think>", GoldenTokenizers.Qwen3.Decode([151667, 64, 151668]));
    }

    [Fact]
    public void Roles_come_from_the_files_beside()
    {
        Assert.Equal([151645], GoldenTokenizers.Qwen3.EndOfSequenceIds);
        Assert.Equal(151643, GoldenTokenizers.Qwen3.PaddingId);
        Assert.Null(GoldenTokenizers.Qwen3.BeginOfSequenceId);
        Assert.Equal(151669, GoldenTokenizers.Qwen3.VocabularySize);
        Assert.Equal([50256], GoldenTokenizers.Gpt2.EndOfSequenceIds);
        Assert.Null(GoldenTokenizers.Gpt2.BeginOfSequenceId);
    }

    [Fact]
    public void A_megabyte_without_a_space_is_no_trouble()
    {
        var random = new Random(1);
        var word = new string(Enumerable.Range(0, 1 << 20).Select(_ => (char)('a' + random.Next(26))).ToArray());
        var tokenizer = GoldenTokenizers.Qwen3;
        var took = ThreadClock.Of(() => Assert.Equal(word, tokenizer.Decode(tokenizer.Encode(word))));
        Assert.InRange(took.TotalSeconds, 0, 10);
    }

    [Fact]
    public void Many_threads_get_the_same_ids()
    {
        var texts = Texts("qwen2");
        var expected = texts.Select(t => GoldenTokenizers.Qwen3.Encode(t)).ToArray();
        Parallel.For(0, 500, i => Assert.Equal(expected[i % texts.Length], GoldenTokenizers.Qwen3.Encode(texts[i % texts.Length])));
    }

    [Fact]
    public void An_id_outside_the_vocabulary_is_refused()
    {
        var error = Assert.Throws<BadInputException>(() => ArithmeticVocabulary.Create().Decode([142]));
        Assert.Equal("Token id 142 is outside the vocabulary of arithmetic/tokenizer.json (0 to 141); " +
            "use the tokenizer that belongs to the model.", error.Message);
    }
}
