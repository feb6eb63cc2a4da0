using System.Text.Json;
using FlowRL.Tests.Support;
using FlowRL.Tokenization;
using FlowRL.Tokenization.Merging;
using FlowRL.Tokenization.SentencePiece;

namespace FlowRL.Tests.Tokenization;

public sealed class VocabularyTableTests
{
    private static readonly string[] Bytes = [.. Enumerable.Range(0, 256).Select(value => ByteAlphabet.Character((byte)value).ToString())];

    private static readonly VocabularyTable ByteLevel = new()
    {
        Source = "model.gguf",
        Tokens = [.. Bytes, "he", "<eos>", "<think>", "[PAD259]"],
        Kinds = [.. Enumerable.Repeat(PieceKind.Normal, 257), PieceKind.Control, PieceKind.UserDefined, PieceKind.Unused],
        Begin = 257,
        Ends = [257, 258],
        Template = "{{ messages }}",
    };

    private static void Refused(string message, Action create) => Assert.Equal(
        $"model.gguf: its vocabulary {message}; fetch the file again, or give another tokenizer.", Assert.Throws<BadInputException>(create).Message);

    [Fact]
    public void A_byte_level_vocabulary_becomes_a_tokenizer_that_is_saved_and_loaded()
    {
        var tokenizer = ByteLevel.CreateByteLevel(["h e"], "gpt-2");
        using var folder = new TemporaryFolder();
        tokenizer.Save(folder.Path);
        foreach (var one in new[] { tokenizer, PretrainedTokenizer.Load(folder.Path) })
        {
            Assert.Equal([256, 258, 257], one.Encode("he<think><eos>", parseSpecial: true));
            Assert.Equal([256, 258, .. "<eos>".Select(c => Array.IndexOf(Bytes, c.ToString()))], one.Encode("he<think><eos>"));
            Assert.Equal([257, 258], one.EndOfSequenceIds);
            Assert.Null(one.BeginOfSequenceId);
            Assert.Equal(259, one.VocabularySize);
        }
        Assert.Equal("{{ messages }}", File.ReadAllText(folder.In("chat_template.jinja")));
        Assert.Equal(257, (ByteLevel with { PutsBegin = true }).CreateByteLevel(["h e"], "gpt-2").BeginOfSequenceId);
    }

    /// <summary>The published name of each small tokenizer's way of cutting texts.</summary>
    [Theory]
    [InlineData("gpt2", "gpt-2")]
    [InlineData("smollm", "smollm")]
    [InlineData("llama3", "llama-bpe")]
    [InlineData("qwen2", "qwen2")]
    [InlineData("qwen3.5", "qwen35")]
    [InlineData("o200k", "gpt-4o")]
    [InlineData("tekken", "tekken")]
    [InlineData("deepseek", "deepseek-v3")]
    public void A_named_way_of_cutting_gives_the_ids_of_the_file_that_spells_it_out(string kind, string name)
    {
        var original = PretrainedTokenizer.Load(GoldenTokenizers.PathOf("kinds", kind));
        var model = original.Files.Json(TokenizerFiles.Tokenizer)!.Value["model"];
        var merges = model["merges"].Items().Select(merge =>
            merge.Kind == JsonValueKind.String ? merge.Text : string.Join(' ', merge.Items().Select(part => part.Text)));
        var table = new VocabularyTable
        {
            Source = "model.gguf",
            Tokens = [.. Enumerable.Range(0, original.VocabularySize).Select(id => original.Text(id)!)],
            Kinds = [.. Enumerable.Range(0, original.VocabularySize).Select(id => original.IsSpecial(id) ? PieceKind.Control
                : original.Text(id)!.StartsWith('<') && original.Text(id)!.Length > 3 ? PieceKind.UserDefined : PieceKind.Normal)],
        }.CreateByteLevel([.. merges], name);
        foreach (var row in GoldenRows.Read(GoldenTokenizers.PathOf("kinds", kind, "golden.jsonl")))
            GoldenRows.Same(row, row.Ids("ids_without_special"), table.Encode(row.Text("text"), parseSpecial: true));
    }

    [Fact]
    public void A_SentencePiece_vocabulary_becomes_a_tokenizer_that_is_saved_and_loaded()
    {
        var file = SentencePieceFile.Read("m", File.ReadAllBytes(GoldenTokenizers.PathOf("kinds", "sentencepiece-bpe", "tokenizer.model")));
        var tokenizer = new VocabularyTable
        {
            Source = "model.gguf",
            Tokens = [.. file.Pieces.Select(piece => piece.Text)],
            Kinds = [.. file.Pieces.Select(piece => piece.Kind)],
            Begin = 1,
            PutsBegin = true,
            Ends = [2],
        }.CreateSentencePiece([.. file.Pieces.Select(piece => piece.Score)], addsSpacePrefix: true);
        using var folder = new TemporaryFolder();
        tokenizer.Save(folder.Path);
        foreach (var one in new[] { tokenizer, PretrainedTokenizer.Load(folder.Path) })
        {
            Assert.Equal(1, one.BeginOfSequenceId);
            foreach (var row in GoldenRows.Read(GoldenTokenizers.PathOf("kinds", "sentencepiece-bpe", "golden.jsonl")))
                GoldenRows.Same(row, row.Ids(), one.Encode(row.Text("text")));
        }
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        Refused("names the pre-tokenizer \"viking\", and only codeshell, command-r, dbrx, deepseek-r1-qwen, deepseek-v3, " +
            "default, exaone, exaone4, falcon-h1, falcon3, gpt-2, gpt-4o, granite-docling, jais, lfm2, llama-bpe, llama-v3, " +
            "llama3, llama4, minerva-7b, mpt, olmo, phi-2, pixtral, qwen2, qwen35, refact, smaug-bpe, smollm, starcoder, " +
            "tekken, trillion are known", () => ByteLevel.CreateByteLevel([], "viking"));
        Refused("has 260 tokens and 1 kinds", () => (ByteLevel with { Kinds = [PieceKind.Normal] }).CreateByteLevel([], "gpt-2"));
        Refused("has 260 tokens and 0 scores", () => ByteLevel.CreateSentencePiece([], addsSpacePrefix: true));
        Refused("gives \"a\" to both token 0 and token 1", () => (ByteLevel with { Tokens = ["a", "a"], Kinds = [] }).CreateByteLevel([], "gpt-2"));
        Refused("gives a role to token 300, and there are 260", () => (ByteLevel with { Padding = 300 }).CreateByteLevel([], "gpt-2"));
        Refused("has token 0 of kind 9, which is not known", () => (ByteLevel with { Tokens = ["a"], Kinds = [(PieceKind)9] }).CreateByteLevel([], "gpt-2"));
    }
}
