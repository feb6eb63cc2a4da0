using System.Text.Json.Nodes;
using FlowRL.Tests.Support;
using FlowRL.Tokenization;

namespace FlowRL.Tests.Tokenization;

public sealed class TokenizerLoaderTests : IDisposable
{
    private const string Advice = "; fetch the file again, or give another tokenizer.";
    private readonly TemporaryFolder _folder = new();

    private string Json => _folder.In("tokenizer.json");

    public void Dispose() => _folder.Dispose();

    /// <summary>The arithmetic vocabulary with something changed.</summary>
    private ITokenizer Load(Action<JsonNode> change)
    {
        ArithmeticVocabulary.Create().Save(_folder.Path);
        var root = JsonNode.Parse(File.ReadAllText(Json))!;
        change(root);
        File.WriteAllText(Json, root.ToJsonString());
        return TokenizerLoader.Load(_folder.Path);
    }

    private static JsonObject Typed(string type) => new() { ["type"] = type };

    private void Refused(string message, Action<JsonNode> change) =>
        Assert.Equal($"{Json}: {message}{Advice}", Assert.Throws<BadInputException>(() => Load(change)).Message);

    [Fact]
    public void A_folder_or_a_file_will_do()
    {
        ArithmeticVocabulary.Create().Save(_folder.Path);
        Assert.IsType<PretrainedTokenizer>(TokenizerLoader.Load(_folder.Path));
        File.Move(Json, _folder.In("other.json"));
        Assert.Equal([2], TokenizerLoader.Load(_folder.In("other.json")).EndOfSequenceIds);
        Assert.IsType<Llama2cTokenizer>(TokenizerLoader.Load(GoldenTokenizers.PathOf("stories260K")));
    }

    [Fact]
    public void What_is_missing_is_said()
    {
        var nowhere = _folder.In("nowhere");
        Assert.Equal($"There is no tokenizer at {nowhere}: the path does not exist; give a model's folder or a tokenizer file.",
            Assert.Throws<BadInputException>(() => TokenizerLoader.Load(nowhere)).Message);
        Assert.Equal($"{_folder.Path} holds no tokenizer: neither tokenizer.json nor tokenizer.model nor tokenizer.bin nor tok*.bin is there; " +
            "a tokenizer in another form (vocab.json) must be saved as tokenizer.json first.",
            Assert.Throws<BadInputException>(() => TokenizerLoader.Load(_folder.Path)).Message);
        File.WriteAllText(_folder.In("tok1.bin"), "");
        File.WriteAllText(_folder.In("tok2.bin"), "");
        Assert.Equal($"{_folder.Path} holds several vocabularies (tok1.bin, tok2.bin); give the path of one.",
            Assert.Throws<BadInputException>(() => TokenizerLoader.Load(_folder.Path)).Message);
    }

    [Fact]
    public void A_truncated_file_names_the_place()
    {
        ArithmeticVocabulary.Create().Save(_folder.Path);
        File.WriteAllText(Json, "{\n  \"model\": {\n    \"vocab\"");
        Assert.Equal($"{Json} is not valid JSON: it breaks at line 3, byte 12{Advice}",
            Assert.Throws<BadInputException>(() => TokenizerLoader.Load(_folder.Path)).Message);
        File.WriteAllText(Json, "[]");
        Assert.Equal($"{Json}: the file is array, an object is needed{Advice}",
            Assert.Throws<BadInputException>(() => TokenizerLoader.Load(_folder.Path)).Message);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_with_their_place()
    {
        ArithmeticVocabulary.Create().Save(_folder.Path);
        void Says(byte[] content, string damage)
        {
            File.WriteAllBytes(Json, content);
            Assert.Equal($"{Json} {damage}{Advice}", Assert.Throws<BadInputException>(() => TokenizerLoader.Load(_folder.Path)).Message);
        }
        Says([], "is empty");
        Says([.. "{\"model\":\n\""u8, 0xE9, .. "\"}"u8], "is not UTF-8 at line 2, byte 2");
        Says("{\"model\": {\"vocab\": {\"\\ud800\": 1}}}"u8.ToArray(),
            "has half a character (\\ud800, a surrogate without its other half) at line 1, byte 23");
    }

    [Fact]
    public void A_mark_that_an_editor_put_before_a_file_is_passed_over()
    {
        ArithmeticVocabulary.Create().Save(_folder.Path);
        File.WriteAllText(Json, "\uFEFF" + File.ReadAllText(Json));
        Assert.Equal([2], TokenizerLoader.Load(_folder.Path).EndOfSequenceIds);
    }

    [Fact]
    public void What_cannot_be_read_names_the_field()
    {
        Refused("model is missing, an object is needed", j => j.AsObject().Remove("model"));
        Refused("model.type is Unigram, and only BPE can be read", j => j["model"]!["type"] = "Unigram");
        Refused("model.dropout is set, which would make encoding random", j => j["model"]!["dropout"] = 0.1);
        Refused("model.vocab[\"q\"] is string, a whole number >= 0 is needed", j => j["model"]!["vocab"]!["q"] = "x");
        Refused("model.vocab gives id 3 to both \"0\" and \"q\"", j => j["model"]!["vocab"]!["q"] = 3);
        Refused("model.vocab[\"q\"] is 2147483647, and the ids of a vocabulary are below 2000000", j => j["model"]!["vocab"]!["q"] = int.MaxValue);
        Refused("added_tokens[0].id is 1000000000, and the ids of a vocabulary are below 2000000", j => j["added_tokens"]![0]!["id"] = 1_000_000_000);
        Refused("model.merges[1] names \"#\", which is not in the vocabulary", j => j["model"]!["merges"]![1] = "1 #");
        Refused("model.merges[1] has 3 parts, a merge has two", j => j["model"]!["merges"]![1] = "1 1 1");
        Refused("model.unk_token is not in the vocabulary", j => j["model"]!["unk_token"] = "<unk>");
        Refused("model.continuing_subword_prefix is set, and only vocabularies whose tokens are the text itself can be read",
            j => j["model"]!["continuing_subword_prefix"] = "##");
        Refused("normalizer.type is NFKC, and only NFC, Replace, Prepend and Sequence can be read", j => j["normalizer"] = Typed("NFKC"));
        Refused("pre_tokenizer.type is Whitespace, and only Split, Digits, ByteLevel, Metaspace and Sequence can be read",
            j => j["pre_tokenizer"] = Typed("Whitespace"));
        Refused("pre_tokenizer.pretokenizers[1] puts the text into bytes, and only the last step can do so here",
            j => j["pre_tokenizer"]!["pretokenizers"]!.AsArray().Add(j["pre_tokenizer"]!["pretokenizers"]![0]!.DeepClone()));
        Refused("pre_tokenizer.pretokenizers[0].behavior is Sideways, " +
            "and only Isolated, Removed, MergedWithPrevious, MergedWithNext, Contiguous can be read",
            j => j["pre_tokenizer"]!["pretokenizers"]![0]!["behavior"] = "Sideways");
        Refused("pre_tokenizer.prepend_scheme is last, and only never, first and always can be read",
            j => j["pre_tokenizer"] = new JsonObject { ["type"] = "Metaspace", ["replacement"] = "▁", ["prepend_scheme"] = "last" });
        Refused("pre_tokenizer.replacement is \"__\", and one character is needed",
            j => j["pre_tokenizer"] = new JsonObject { ["type"] = "Metaspace", ["replacement"] = "__" });
        Refused("decoder.type is WordPiece, and only ByteLevel, Replace, ByteFallback, Fuse, Strip, Metaspace and Sequence can be read",
            j => j["decoder"] = Typed("WordPiece"));
        Refused("decoder is missing, and how tokens become text is then unknown", j => (j["decoder"], j["pre_tokenizer"]) = (null, null));
        Refused("post_processor.type is BertProcessing, and only ByteLevel, TemplateProcessing and Sequence can be read",
            j => j["post_processor"] = Typed("BertProcessing"));
        Refused("post_processor.single[2] puts a token behind a text, where a model that writes on expects none",
            j => j["post_processor"]!["single"]!.AsArray().Add(j["post_processor"]!["single"]![0]!.DeepClone()));
        Refused("post_processor.single[1] puts several tokens before a text, and only one can be put here",
            j => j["post_processor"]!["single"]!.AsArray().Insert(0, j["post_processor"]!["single"]![0]!.DeepClone()));
        Refused("added_tokens[0].id is missing, a whole number >= 0 is needed", j => j["added_tokens"]![0]!.AsObject().Remove("id"));
    }

    [Fact]
    public void An_expression_that_cannot_be_matched_is_refused()
    {
        void Says(string message, string expression) =>
            Refused($"pre_tokenizer.pretokenizers[0].pattern.Regex {message}",
                j => j["pre_tokenizer"]!["pretokenizers"]![0]!["pattern"]!["Regex"] = expression);
        Says(@"is an expression that uses \p{Han} at character 7, which cannot be matched here", @"\p{Han}");
        Says("is an expression that .NET does not read (Invalid pattern '[b-a]' at offset 4. [x-y] range in reverse order)", "[b-a]");
    }

    [Fact]
    public void An_end_of_sequence_outside_the_vocabulary_is_refused()
    {
        ArithmeticVocabulary.Create().Save(_folder.Path);
        File.WriteAllText(_folder.In("tokenizer_config.json"), "{\"eos_token\": {\"content\": \"</s>\"}}");
        Assert.Equal($"{_folder.In("tokenizer_config.json")}: eos_token is \"</s>\", which the vocabulary does not hold{Advice}",
            Assert.Throws<BadInputException>(() => TokenizerLoader.Load(_folder.Path)).Message);
    }

    [Fact]
    public void Ends_are_gathered_from_all_files()
    {
        ArithmeticVocabulary.Create().Save(_folder.Path);
        File.WriteAllText(_folder.In("config.json"), "{\"eos_token_id\": 5}");
        Assert.Equal([2], TokenizerLoader.Load(_folder.Path).EndOfSequenceIds);
        File.WriteAllText(_folder.In("generation_config.json"), "{\"eos_token_id\": [7, 2]}");
        Assert.Equal([2, 7], TokenizerLoader.Load(_folder.Path).EndOfSequenceIds);
        File.Delete(_folder.In("tokenizer_config.json"));
        File.Delete(_folder.In("generation_config.json"));
        Assert.Equal([5], TokenizerLoader.Load(_folder.Path).EndOfSequenceIds);
    }

    [Fact]
    public void A_template_that_begins_the_sequence_says_so()
    {
        Assert.Equal(1, Load(_ => File.WriteAllText(_folder.In("tokenizer_config.json"), "{}")).BeginOfSequenceId);
        Assert.Null(Load(j =>
        {
            File.WriteAllText(_folder.In("tokenizer_config.json"), "{\"bos_token\": \"<bos>\"}");
            j["post_processor"] = null;
        }).BeginOfSequenceId);
    }

    [Fact]
    public void Merges_are_read_in_both_notations()
    {
        var tokenizer = Load(j => j["model"]!["merges"] = new JsonArray([.. j["model"]!["merges"]!.AsArray()
            .Select(m => new JsonArray([.. m!.GetValue<string>().Split(' ').Select(p => (JsonNode)p)]))]));
        Assert.Equal(ArithmeticVocabulary.Create().Encode("12,345"), tokenizer.Encode("12,345"));
    }

    [Fact]
    public void Whole_pieces_come_before_merges_where_merges_are_ignored()
    {
        static void WithoutMerges(JsonNode root) => root["model"]!["merges"] = new JsonArray();
        Assert.Equal([4, 5], Load(WithoutMerges).Encode("12"));
        Assert.Equal(ArithmeticVocabulary.Create().Encode("12"), Load(j =>
        {
            WithoutMerges(j);
            j["model"]!["ignore_merges"] = true;
        }).Encode("12"));
    }

    [Fact]
    public void Unknown_bytes_become_the_unknown_token_where_there_is_one()
    {
        var unknown = Load(j => j["model"]!["unk_token"] = "<pad>");
        Assert.Equal([4, 0, 0, 5], unknown.Encode("1é2"));
        var fused = Load(j => (j["model"]!["unk_token"], j["model"]!["fuse_unk"]) = ("<pad>", true));
        Assert.Equal([4, 0, 5], fused.Encode("1é2"));
    }

    [Fact]
    public void A_prefix_space_is_added_where_asked_for()
    {
        var tokenizer = Load(j =>
        {
            var bytes = j["pre_tokenizer"]!["pretokenizers"]![1]!.DeepClone();
            bytes["add_prefix_space"] = true;
            j["pre_tokenizer"] = bytes;
        });
        Assert.Equal(" 1", tokenizer.Decode(tokenizer.Encode("1")));
        Assert.Equal(" 1", tokenizer.Decode(tokenizer.Encode(" 1")));
    }

    [Fact]
    public void Added_tokens_take_space_and_stand_alone_as_they_ask()
    {
        var tokenizer = Load(j =>
        {
            var token = j["added_tokens"]![0]!.DeepClone();
            (token["id"], token["content"], token["special"]) = (200, "ab", false);
            (token["single_word"], token["lstrip"], token["rstrip"]) = (true, true, true);
            j["added_tokens"]!.AsArray().Add(token);
        });
        // The file says 200; the reference gives the next id that is free, and so do we.
        Assert.Equal(143, tokenizer.VocabularySize);
        Assert.Equal([4, 142, 5], tokenizer.Encode("1 ab \n2"));
        Assert.DoesNotContain(142, tokenizer.Encode("abc cab"));
        Assert.Equal("1ab2", tokenizer.Decode([4, 142, 5]));
    }

    [Fact]
    public void An_id_that_the_vocabulary_leaves_out_stands_for_no_text()
    {
        var tokenizer = Load(j => (j["model"]!["vocab"]!.AsObject()).Add("#", 150));
        Assert.Equal(151, tokenizer.VocabularySize);
        Assert.Equal("1#", tokenizer.Decode([4, 145, 150]));
        Assert.Equal(0, tokenizer.Bytes(145).Length);
    }
}
