using FlowRL.Checkpoints;
using FlowRL.Checkpoints.Gguf;
using FlowRL.Checkpoints.Gguf.Vocabulary;
using FlowRL.Models;
using FlowRL.Models.Families;
using FlowRL.Tests.Support;
using FlowRL.Tokenization;
using FlowRL.Tokenization.SentencePiece;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints.Gguf;

public sealed class GgufExportTests : IDisposable
{
    private static readonly RopeScaling[] Scalings =
    [
        RopeScaling.None, new RopeScaling.Linear(4), new RopeScaling.Yarn(4, 32, 1, 1.1386294361119891, 16), new RopeScaling.Llama3(8, 1, 4, 16),
        new RopeScaling.Dynamic(2),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, int> Shapes => new(from family in new[] { "llama", "qwen2", "qwen3" } from scaling in Enumerable.Range(0, Scalings.Length) select (family, scaling));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_model_of_each_family_comes_back_with_the_same_numbers(string family, int scaling)
    {
        using var model = Model(TinyModels.Config(family) with { RopeScaling = Scalings[scaling], RopeTheta = 500000 });
        var exported = Export(model, "f32");
        using var back = PretrainedModel.Load(new ModelOptions { Path = exported.File });
        Assert.Equal(family, back.Decoder.Config.ModelType);
        foreach (var (name, weight) in model.Decoder.Weights) Assert.True(weight.Equals(back.Decoder.Weights[name]), name);
        Assert.InRange(Difference(model, back), 0, 1e-5f);
    }

    [Fact]
    public void A_llama_with_biases_comes_back_with_them()
    {
        using var model = Model(TinyModels.Config() with { QueryKeyValueBias = true, OutputBias = true, FeedForwardBias = true });
        using var back = PretrainedModel.Load(new ModelOptions { Path = Export(model, "f32").File });
        Assert.True(back.Decoder.Config is { QueryKeyValueBias: true, OutputBias: true, FeedForwardBias: true });
        Assert.Equal(0, Difference(model, back));
    }

    [Theory]
    [InlineData("f16", 2e-3f)]
    [InlineData("bf16", 2e-2f)]
    [InlineData("q8_0", 5e-2f)]
    [InlineData("q5_1", 0.3f)]
    [InlineData("q5_0", 0.3f)]
    [InlineData("q4_1", 0.5f)]
    [InlineData("q4_0", 0.5f)]
    public void Shorter_types_come_back_near(string type, float within)
    {
        using var model = PretrainedModel.Load(new ModelOptions { Path = GoldenGguf.Path("tiny-f32.gguf") });
        PretrainedModel.Save(_folder.In("model"), model);
        using var source = ModelSource.Open(_folder.In("model"), ModelFamilies.BuiltIn);
        var exported = GgufExport.Model(source, _folder.In("model.gguf"), type, ModelFamilies.BuiltIn);
        Assert.Equal([], exported.Warnings);
        using var back = PretrainedModel.Load(new ModelOptions { Path = exported.File });
        // Of logits that spread over several units.
        using var scope = NewDisposeScope();
        var (one, other) = (GoldenGguf.Logits(model.Decoder, GoldenGguf.Prompt), GoldenGguf.Logits(back.Decoder, GoldenGguf.Prompt));
        Assert.InRange(((one - other).norm() / one.norm()).item<float>(), 1e-6f, within);
    }

    /// <summary>The reference wrote the same numbers in each type, with the embedding in one byte a number where ours is.</summary>
    [Theory]
    [InlineData("f32")]
    [InlineData("f16")]
    [InlineData("bf16")]
    [InlineData("q8_0")]
    [InlineData("q4_1")]
    public void The_tensors_are_those_that_the_reference_wrote(string type)
    {
        using var source = ModelSource.Open(GoldenGguf.Path("tiny-f32.gguf"), ModelFamilies.BuiltIn);
        var exported = GgufExport.Model(source, _folder.In("model.gguf"), type, ModelFamilies.BuiltIn);
        var reference = GoldenGguf.Path($"tiny-{type}.gguf");
        using var ours = GgufFile.Open(exported.File);
        using var theirs = GgufFile.Open(reference);
        var (bytes, expected) = (File.ReadAllBytes(exported.File), File.ReadAllBytes(reference));
        Assert.Equal(theirs.Header.Tensors.Select(tensor => (tensor.Name, tensor.Format.Name)).Order(), ours.Header.Tensors.Select(tensor => (tensor.Name, tensor.Format.Name)).Order());
        foreach (var tensor in theirs.Header.Tensors)
        {
            Assert.True(expected.AsSpan((int)tensor.Start, (int)tensor.Bytes).SequenceEqual(bytes.AsSpan((int)ours.Find(tensor.Name)!.Start, (int)tensor.Bytes)), tensor.Name);
        }
        foreach (var (key, value) in theirs.Metadata.Values.Where(pair => pair.Key != "general.name"))
        {
            if (value is GgufArray array) Assert.Equal(array.Items, ((GgufArray)ours.Metadata.Values[key]).Items);
            else Assert.Equal((key, value), (key, ours.Metadata.Values.GetValueOrDefault(key)));
        }
    }

    [Fact]
    public void Rows_that_are_no_whole_blocks_are_written_wider_and_told()
    {
        using var model = Model(TinyModels.Config());
        var exported = Export(model, "q8_0");
        Assert.Contains("'blk.0.ffn_down.weight' is written as F16: its rows of 40 are no whole blocks of Q8_0.", exported.Warnings);
        using var back = PretrainedModel.Load(new ModelOptions { Path = exported.File });
        Assert.InRange(Difference(model, back), 1e-7f, 0.05f);
    }

    [Fact]
    public void A_larger_vocabulary_is_filled_up_with_tokens_that_are_never_used()
    {
        using var model = Model(TinyModels.Config(vocabulary: 160));
        using var file = GgufFile.Open(Export(model, "f32").File);
        var vocabulary = GgufVocabulary.Read(file.Metadata);
        Assert.Equal(160, vocabulary.Tokens.Count);
        Assert.Equal(("[PAD159]", PieceKind.Unused), (vocabulary.Tokens[159], vocabulary.Types[159]));
        using var back = PretrainedModel.Load(new ModelOptions { Path = file.Path });
        Assert.IsType<PaddedVocabulary>(back.Tokenizer);
        Assert.Equal(model.Tokenizer.Encode("12+3="), back.Tokenizer.Encode("12+3="));
    }

    [Fact]
    public void A_way_of_cutting_texts_that_has_no_name_is_told()
    {
        using var source = ModelSource.Open("embedded:countdown", ModelFamilies.BuiltIn);
        var exported = GgufExport.Model(source, _folder.In("model.gguf"), "f16", ModelFamilies.BuiltIn);
        Assert.Equal("llama.cpp has no name for the way in which this tokenizer cuts texts, so the file says 'default': programs that read it may give text prompts " +
            "other ids than FlowRL does. Prompts of ids are exact.", Assert.Single(exported.Warnings));
    }

    [Fact]
    public void What_GGUF_has_no_words_for_is_refused()
    {
        var config = TinyModels.Config("qwen3") with { QueryKeyValueBias = true, OutputBias = true };
        using var model = Model(config);
        Assert.Equal($"{_folder.In("model")} cannot be written as GGUF: llama.cpp's 'qwen3' has no words for QueryKeyValueBias True (it would be read as False), " +
            "OutputBias True (it would be read as False).", Assert.Throws<BadInputException>(() => Export(model, "f32")).Message);
        Assert.Equal(["model"], _folder.FileNames());
    }

    [Fact]
    public void Numbers_beyond_half_precision_are_refused_and_leave_no_file()
    {
        using var model = Model(TinyModels.Config());
        using (no_grad()) model.Decoder.Weights["model.layers.1.mlp.up_proj.weight"][3, 4] = 1e5f;
        Assert.Equal($"{_folder.In("model")}: 'model.layers.1.mlp.up_proj.weight' holds numbers above 65504, more than F16 can; write bf16 or f32.",
            Assert.Throws<BadInputException>(() => Export(model, "f16")).Message);
        Assert.Equal(["model"], _folder.FileNames());
    }

    private GgufExported Export(LanguageModel model, string type)
    {
        PretrainedModel.Save(_folder.In("model"), model);
        using var source = ModelSource.Open(_folder.In("model"), ModelFamilies.BuiltIn);
        return GgufExport.Model(source, _folder.In("model.gguf"), type, ModelFamilies.BuiltIn);
    }

    private static LanguageModel Model(DecoderConfig config)
    {
        var tokenizer = ArithmeticVocabulary.Create();
        config = config with { VocabularySize = Math.Max(config.VocabularySize, tokenizer.VocabularySize), EndOfSequenceIds = tokenizer.EndOfSequenceIds };
        return new LanguageModel(TinyModels.Create(config), tokenizer);
    }

    private static float Difference(LanguageModel one, LanguageModel other)
    {
        using var scope = NewDisposeScope();
        return (GoldenGguf.Logits(one.Decoder, [3, 4, 5, 6, 7, 8, 9, 10]) - GoldenGguf.Logits(other.Decoder, [3, 4, 5, 6, 7, 8, 9, 10])).abs().max().item<float>();
    }
}
