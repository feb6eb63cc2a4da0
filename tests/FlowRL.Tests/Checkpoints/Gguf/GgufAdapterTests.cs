using FlowRL.Checkpoints;
using FlowRL.Checkpoints.Gguf;
using FlowRL.Models;
using FlowRL.Models.Adapters;
using FlowRL.Models.Families;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints.Gguf;

public sealed class GgufAdapterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Adapters_are_read_in_PEFTs_names_and_order_to_the_last_bit()
    {
        using var model = PretrainedModel.Load(new ModelOptions { Path = GoldenGguf.Path("tiny-f32.gguf") });
        using var adapter = GgufAdapter.Open(GoldenGguf.Path("adapter-lora.gguf"), model.Decoder.Config);
        using var golden = SafetensorsFile.Open(GoldenGguf.Path("adapter-lora.safetensors"));
        Assert.Equal(new LoraOptions { Rank = 4, Alpha = 8 }, adapter.Options);
        Assert.Equal(golden.Names.Where(name => name != "logits").Order(), adapter.Names.Order());
        foreach (var name in adapter.Names)
        {
            using var expected = golden.Read(name);
            using var actual = adapter.Read(name);
            Assert.True(expected.Equals(actual), name);
        }
    }

    [Fact]
    public void A_model_with_adapters_computes_the_golden_logits()
    {
        using var model = WithAdapters();
        Assert.InRange(GoldenGguf.Difference(model, "adapter-lora"), 0, 5e-5f);
    }

    [Fact]
    public void Exported_adapters_are_the_file_of_the_reference()
    {
        using var decoder = WithAdapters();
        var golden = GoldenGguf.Path("tiny-f32.gguf");
        AdapterFolder.Write(_folder.In("peft"), decoder.Adapters!, golden);
        using (var source = ModelSource.Open(_folder.In("peft"), ModelFamilies.BuiltIn))
        {
            var exported = GgufExport.Adapter(source, _folder.In("adapter.gguf"), "f32");
            Assert.Equal(28, exported.Tensors);
            Assert.Equal([], exported.Warnings);
        }
        using var ours = GgufFile.Open(_folder.In("adapter.gguf"));
        using var theirs = GgufFile.Open(GoldenGguf.Path("adapter-lora.gguf"));
        Assert.Equal(theirs.Header.Tensors.Select(tensor => tensor.Name).Order(), ours.Header.Tensors.Select(tensor => tensor.Name).Order());
        foreach (var tensor in theirs.Header.Tensors)
        {
            using var expected = theirs.Read(tensor.Name);
            using var actual = ours.Read(tensor.Name);
            Assert.True(expected.Equals(actual), tensor.Name);
        }
        foreach (var key in new[] { "general.architecture", "general.type", "adapter.type", "adapter.lora.alpha" })
            Assert.Equal(theirs.Metadata.Values[key], ours.Metadata.Values[key]);
    }

    [Fact]
    public void Exported_adapters_are_multiplied_by_what_they_were_trained_with()
    {
        var golden = GoldenGguf.Path("tiny-f32.gguf");
        using var model = PretrainedModel.Load(new ModelOptions { Path = golden });
        void Write(string folder, LoraOptions options)
        {
            using var decoder = new Decoder(model.Decoder.Config, CPU, ScalarType.Float32, options);
            AdaptedModels.Train(decoder);
            AdapterFolder.Write(_folder.In(folder), decoder.Adapters!, golden);
        }
        GgufExported Export(string folder)
        {
            using var source = ModelSource.Open(_folder.In(folder), ModelFamilies.BuiltIn);
            return GgufExport.Adapter(source, _folder.In($"{folder}.gguf"), "f32");
        }
        Write("stabilized", new LoraOptions { Rank = 4, Alpha = 8, RankStabilized = true });
        Export("stabilized");
        using (var adapter = GgufAdapter.Open(_folder.In("stabilized.gguf"), model.Decoder.Config)) Assert.Equal(16, adapter.Options.Alpha); // 8 / √4 · 4
        Write("unlike", new LoraOptions { Rank = 4, Alpha = 8, AlphaPattern = [new AdapterPattern("q_proj", 2)] });
        Assert.Equal("The adapters are multiplied by different numbers (alpha_pattern, or rank_pattern with use_rslora), and a GGUF " +
            "file has one for all; merge them into their model first with 'flowrl merge'.",
            Assert.Throws<BadInputException>(() => Export("unlike")).Message);
    }

    [Fact]
    public void Adapters_over_a_GGUF_base_are_saved_and_loaded()
    {
        using (var decoder = WithAdapters())
            AdapterFolder.Write(_folder.In("peft"), decoder.Adapters!, GoldenGguf.Path("tiny-f32.gguf"));
        using var model = PretrainedModel.Load(new ModelOptions { Path = _folder.In("peft") });
        Assert.Equal(new LoraOptions { Rank = 4, Alpha = 8 }, model.Decoder.Adapters!.Options);
        Assert.InRange(GoldenGguf.Difference(model.Decoder, "adapter-lora"), 0, 5e-5f);
        Assert.Equal(GoldenGguf.Path("tiny-f32.gguf"), model.Path);
    }

    [Fact]
    public void A_file_that_is_no_adapter_for_this_model_is_named()
    {
        using var model = PretrainedModel.Load(new ModelOptions { Path = GoldenGguf.Path("tiny-f32.gguf") });
        var config = model.Decoder.Config;
        var (whole, adapter) = (GoldenGguf.Path("tiny-f32.gguf"), GoldenGguf.Path("adapter-lora.gguf"));
        void Refused(string path, DecoderConfig of, string problem) =>
            Assert.Equal($"{path}{problem}", Assert.Throws<BadInputException>(() => GgufAdapter.Open(path, of).Dispose()).Message);
        Refused(whole, config, " holds no LoRA adapters: 'general.type' is 'model' and must be 'adapter'. Give a file with adapters.");
        Refused(adapter, config with { ModelType = "qwen2" }, " adapts a model of the architecture 'llama', and this one is 'qwen2'. Take the adapter of this model.");
        Refused(adapter, config with { Width = 128 },
            ": 'blk.0.attn_q.weight.lora_a' has shape [4, 64], where this model asks for [4, 128]. Take the adapter of this model.");
        Refused(adapter, config with { Layers = 1 }, " adapts 'blk.1.attn_q.weight.lora_a', which cannot be adapted here. Take the adapter of this model.");
        Refused(adapter, config with { Layers = 3 }, " holds no tensor 'blk.2.attn_q.weight.lora_a', which the other layers have. Copy or download it again.");
        Assert.Equal($"{adapter} holds no model: 'general.type' is 'adapter'. Give the model's own file, the one that the adapter is for.",
            Assert.Throws<BadInputException>(() => PretrainedModel.Load(new ModelOptions { Path = adapter }).Dispose()).Message);
    }

    /// <summary>Of matrices that are one in files as in the model, and of those whose rows stand otherwise.</summary>
    [Theory]
    [InlineData("llama")]
    [InlineData("phi3")]
    [InlineData("qwen2")]
    public void Adapters_of_each_kind_of_matrix_come_back_to_the_last_bit(string name)
    {
        var family = new GgufGoldenFamily(name);
        using var adapter = GgufAdapter.Open(family.ExportAdapter(_folder.In("adapter.gguf")).File, family.Config);
        using var golden = SafetensorsFile.Open(GoldenFiles.Path("families", "adapters", name, "adapter_model.safetensors"));
        Assert.Equal(golden.Names.Order(), adapter.Names.Order());
        foreach (var weight in adapter.Names)
        {
            using var expected = golden.Read(weight);
            using var actual = adapter.Read(weight);
            Assert.True(expected.Equals(actual), weight);
        }
    }

    [Fact]
    public void Adapters_of_what_is_no_tensor_by_itself_are_refused()
    {
        var family = new GgufGoldenFamily("qwen3_moe");
        var options = new LoraOptions { Rank = 2, Alpha = 4, TargetModules = [Projection.GateProj] };
        using var decoder = family.Load(lora: options);
        AdapterFolder.Write(_folder.In("peft"), decoder.Adapters!, "base");
        Assert.Equal("golden cannot be written as GGUF: llama.cpp's 'qwen3moe' has no tensor for adapters of 'model.layers.0.mlp.experts.0.gate_proj.weight'; " +
            "merge them first with 'flowrl merge'.", Assert.Throws<BadInputException>(() => family.ExportAdapter(_folder.In("adapter.gguf"), _folder.In("peft"))).Message);
    }

    private static Decoder WithAdapters()
    {
        using var file = GgufFile.Open(GoldenGguf.Path("tiny-f32.gguf"));
        using var model = PretrainedModel.Load(new ModelOptions { Path = file.Path });
        using var adapter = GgufAdapter.Open(GoldenGguf.Path("adapter-lora.gguf"), model.Decoder.Config);
        var decoder = new Decoder(model.Decoder.Config, CPU, ScalarType.Float32, adapter.Options);
        decoder.Weights.CopyFrom(model.Decoder.Weights);
        decoder.Adapters!.Weights.CopyFrom(adapter, adapter.ToString()!);
        return decoder;
    }
}
