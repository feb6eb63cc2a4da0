using FlowRL.Checkpoints;
using FlowRL.Checkpoints.Gguf;
using FlowRL.Models;
using FlowRL.Models.Families;
using FlowRL.Tests.Support;
using FlowRL.Tests.Tokenization;
using FlowRL.Tokenization;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints.Gguf;

/// <summary>Files that were written here, in llama.cpp itself; and files that its quantiser wrote, here.</summary>
public sealed class LlamaCppTests : IDisposable
{
    private static readonly int[] Ids = [5, 17, 9, 30, 11, 64, 3, 90, 41, 12];

    private static readonly Dictionary<string, RopeScaling> Scalings = new()
    {
        ["none"] = RopeScaling.None,
        ["linear"] = new RopeScaling.Linear(4),
        ["yarn"] = new RopeScaling.Yarn(4, 32, 1, 1.1386294361119891, 32),
        ["yarn of another strength"] = new RopeScaling.Yarn(2, 16, 2, 1.5, 32),
        ["llama3"] = new RopeScaling.Llama3(8, 1, 4, 32),
    };

    private readonly TemporaryFolder _folder = new();
    private readonly LlamaCpp _llama = new();

    public void Dispose()
    {
        _llama.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("llama", "none")]
    [InlineData("llama", "linear")]
    [InlineData("llama", "yarn")]
    [InlineData("llama", "yarn of another strength")]
    [InlineData("llama", "llama3")]
    [InlineData("qwen2", "none")]
    [InlineData("qwen2", "yarn")]
    [InlineData("qwen3", "none")]
    [InlineData("qwen3", "yarn")]
    public void A_model_of_each_family_has_the_same_logits(string family, string scaling)
    {
        using var model = Model(TinyModels.Config(family) with { RopeScaling = Scalings[scaling] });
        Assert.InRange(Difference(model, Export(model, "f32")), 0, 2e-4f);
    }

    [Fact]
    public void Biases_of_a_llama_are_seen()
    {
        using var model = Model(TinyModels.Config() with { QueryKeyValueBias = true, OutputBias = true, FeedForwardBias = true });
        using (no_grad())
            foreach (var (name, weight) in model.Decoder.Weights.Where(pair => pair.Key.EndsWith(".bias", StringComparison.Ordinal))) weight.add_(0.3f);
        Assert.InRange(Difference(model, Export(model, "f32")), 0, 2e-4f);
    }

    [Theory]
    [InlineData("f16", 2e-2f)]
    [InlineData("bf16", 0.1f)]
    [InlineData("q8_0", 0.1f)]
    [InlineData("q5_1", 0.3f)]
    [InlineData("q5_0", 0.3f)]
    [InlineData("q4_1", 0.5f)]
    [InlineData("q4_0", 0.5f)]
    public void Each_type_is_loaded_and_computes_what_it_says(string type, float within)
    {
        using var model = Model(Wide(64));
        var file = Export(model, type);
        using var back = PretrainedModel.Load(new ModelOptions { Path = file });
        // The same numbers in both: llama.cpp rounds activations as well, to halves or to bytes.
        Assert.InRange(Relative(back, file), 0, within);
    }

    /// <summary>Its quantiser has the last word on how numbers are rounded: our files are its files, byte for byte.</summary>
    [Theory]
    [InlineData("q8_0")]
    [InlineData("q5_1")]
    [InlineData("q5_0")]
    [InlineData("q4_1")]
    [InlineData("q4_0")]
    public void Matrices_are_quantised_as_its_quantiser_does(string type)
    {
        using var model = Model(Wide(64));
        var source = Export(model, "f32");
        _llama.Quantise(source, _folder.In("theirs.gguf"), type.ToUpperInvariant());
        var ours = _folder.In("ours.gguf");
        using (var folder = ModelSource.Open(_folder.In("model"), ModelFamilies.BuiltIn)) GgufExport.Model(folder, ours, type, ModelFamilies.BuiltIn);
        using var mine = GgufFile.Open(ours);
        using var theirs = GgufFile.Open(_folder.In("theirs.gguf"));
        var (bytes, expected) = (File.ReadAllBytes(ours), File.ReadAllBytes(theirs.Path));
        var compared = 0;
        foreach (var tensor in mine.Header.Tensors.Where(tensor => tensor.Format.IsQuantised && theirs.Find(tensor.Name)!.Format == tensor.Format))
        {
            Assert.True(expected.AsSpan((int)theirs.Find(tensor.Name)!.Start, (int)tensor.Bytes).SequenceEqual(bytes.AsSpan((int)tensor.Start, (int)tensor.Bytes)), tensor.Name);
            compared++;
        }
        Assert.InRange(compared, 14, int.MaxValue);
    }

    [Theory]
    [InlineData("Q2_K", "Q2_K", 0.6f)]
    [InlineData("Q3_K_M", "Q3_K", 0.4f)]
    [InlineData("Q4_K_M", "Q4_K", 0.2f)]
    [InlineData("Q5_K_M", "Q5_K", 0.1f)]
    [InlineData("Q6_K", "Q6_K", 0.06f)]
    public void What_its_quantiser_wrote_is_read(string type, string format, float within)
    {
        // Weights of the usual size: with larger ones small errors grow from layer to layer.
        using var model = Model(Wide(256) with { InitializerRange = 0.05 });
        var source = Export(model, "f32");
        _llama.Quantise(source, _folder.In("theirs.gguf"), type);
        using (var file = GgufFile.Open(_folder.In("theirs.gguf")))
            Assert.Contains(file.Header.Tensors, tensor => tensor.Format.Name == format);
        using var back = PretrainedModel.Load(new ModelOptions { Path = _folder.In("theirs.gguf") });
        // Near the model that was quantised, and nearer to what llama.cpp computes with the same file.
        Assert.InRange(Relative(back, source), 1e-4f, within);
        Assert.InRange(Relative(back, _folder.In("theirs.gguf")), 0, 0.03f);
    }

    [Fact]
    public void Adapters_over_a_base_have_the_same_logits()
    {
        using var model = Model(TinyModels.Config());
        var file = Export(model, "f32");
        using var adapted = PretrainedModel.LoadForTraining(new ModelOptions { Path = _folder.In("model"), Lora = new LoraOptions { Rank = 4, Alpha = 8 } }, 1, []);
        AdaptedModels.Train(adapted.Decoder);
        PretrainedModel.Save(_folder.In("adapter"), adapted);
        using (var source = ModelSource.Open(_folder.In("adapter"), ModelFamilies.BuiltIn)) GgufExport.Adapter(source, _folder.In("adapter.gguf"), "f32");
        Assert.InRange(Difference(adapted, file, _folder.In("adapter.gguf")), 0, 2e-4f);
        Assert.InRange(Difference(model, file, _folder.In("adapter.gguf")), 0.05f, float.MaxValue);
    }

    /// <summary>llama.cpp cuts texts by the name that a file gives: the same ids from the file as from the folder it was made of.</summary>
    [Theory]
    [InlineData("gpt2")]
    [InlineData("smollm")]
    [InlineData("llama3")]
    [InlineData("qwen2")]
    [InlineData("tekken")]
    [InlineData("o200k")]
    [InlineData("deepseek")]
    public void Texts_become_the_same_ids_by_the_name_of_the_way_they_are_cut(string kind)
    {
        var tokenizer = PretrainedTokenizer.Load(GoldenTokenizers.PathOf("kinds", kind));
        var config = TinyModels.Config(vocabulary: tokenizer.VocabularySize) with { Layers = 1 };
        using var model = new LanguageModel(TinyModels.Create(config), tokenizer);
        PretrainedModel.Save(_folder.In("model"), model);
        using var source = ModelSource.Open(_folder.In("model"), ModelFamilies.BuiltIn);
        var exported = GgufExport.Model(source, _folder.In("model.gguf"), "f32", ModelFamilies.BuiltIn);
        Assert.Equal([], exported.Warnings);
        using var back = PretrainedModel.Load(new ModelOptions { Path = exported.File });
        foreach (var text in new[] { "hello world", "The year 1984, 12 months", "  two  spaces\n\n1", "don't WE'LL", "Zürich, naïve café", "x = (a+b)*3;\n\treturn x;" })
        {
            Assert.Equal(tokenizer.Encode(text), _llama.Tokenize(exported.File, text, special: false));
            Assert.Equal(tokenizer.Encode(text), back.Tokenizer.Encode(text));
        }
    }

    [Fact]
    public void The_model_that_ships_answers_ten_prompts_the_same()
    {
        using var model = PretrainedModel.Load(new ModelOptions());
        var file = _folder.In("countdown.gguf");
        using (var source = ModelSource.Open("embedded:countdown", ModelFamilies.BuiltIn)) GgufExport.Model(source, file, "f32", ModelFamilies.BuiltIn);
        foreach (var prompt in Enumerable.Range(0, 10).Select(i => $"{i + 1},{2 * i + 3},{7 * i % 11 + 2}={11 + 3 * i}:"))
        {
            var ids = model.EncodePrompt(prompt);
            Assert.Equal(Greedy(model.Decoder, ids, 12), _llama.Greedy(file, ids, 12));
        }
    }

    private static DecoderConfig Wide(int width) => TinyModels.Config() with { Width = width, FeedForwardWidth = width, Heads = 4, KeyValueHeads = 2, HeadWidth = width / 4 };

    private static int[] Greedy(Decoder decoder, int[] ids, int count)
    {
        var all = ids.ToList();
        for (var i = 0; i < count; i++)
        {
            using var scope = NewDisposeScope();
            all.Add((int)GoldenGguf.Logits(decoder, [.. all])[^1].argmax().item<long>());
        }
        return [.. all.Skip(ids.Length)];
    }

    private static LanguageModel Model(DecoderConfig config)
    {
        var tokenizer = ArithmeticVocabulary.Create();
        config = config with { VocabularySize = tokenizer.VocabularySize, EndOfSequenceIds = tokenizer.EndOfSequenceIds };
        return new LanguageModel(TinyModels.Create(config), tokenizer);
    }

    private string Export(LanguageModel model, string type)
    {
        PretrainedModel.Save(_folder.In("model"), model);
        using var source = ModelSource.Open(_folder.In("model"), ModelFamilies.BuiltIn);
        return GgufExport.Model(source, _folder.In($"model-{type}.gguf"), type, ModelFamilies.BuiltIn).File;
    }

    /// <summary>The largest difference of a logit.</summary>
    private float Difference(LanguageModel model, string file, string? adapter = null)
    {
        using var scope = NewDisposeScope();
        var ours = GoldenGguf.Logits(model.Decoder, Ids);
        return (ours - tensor(_llama.Logits(file, Ids, adapter), ours.shape)).abs().max().item<float>();
    }

    /// <summary>The difference of all logits together, by their size.</summary>
    private float Relative(LanguageModel model, string file)
    {
        using var scope = NewDisposeScope();
        var ours = GoldenGguf.Logits(model.Decoder, Ids);
        return ((ours - tensor(_llama.Logits(file, Ids), ours.shape)).norm() / ours.norm()).item<float>();
    }
}
