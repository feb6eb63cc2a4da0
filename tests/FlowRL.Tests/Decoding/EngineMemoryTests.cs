using FlowRL.Decoding;
using FlowRL.Models;
using FlowRL.Tests.Models.Families;
using FlowRL.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Tests.Decoding;

/// <summary>What an engine is expected to hold, it holds.</summary>
public sealed class EngineMemoryTests
{
    [Theory]
    [InlineData("llama", EngineKind.Auto, DecodeType.Float32, DecodeType.Float32, 8)]
    [InlineData("qwen2", EngineKind.Cpu, DecodeType.Bfloat16, DecodeType.Float32, 16)]
    [InlineData("qwen3", EngineKind.Cpu, DecodeType.Float32, DecodeType.Bfloat16, 32)]
    [InlineData("llama", EngineKind.Tensor, DecodeType.Float32, DecodeType.Float32, 8)]
    [InlineData("llama", EngineKind.Auto, DecodeType.Float32, DecodeType.Float32, 6)] // heads with zeros up to whole registers
    public void Packed_weights_and_cache_have_the_expected_bytes(string family, EngineKind engine, DecodeType weights, DecodeType cache, int headWidth)
    {
        using var model = TinyModels.Create(TinyModels.Config(family) with { HeadWidth = headWidth });
        var options = new DecodeOptions { Engine = engine, Weights = weights, Cache = cache };
        using var opened = DecodeEngines.Create(model, options);
        opened.Open(slots: 5, longestPrompt: 7, longestResponse: 9);
        opened.Start([new PromptStart([3, 4, 5, 6, 7, 8, 9], [0, 1]), new PromptStart([4, 4, 5, 6, 7, 8, 9], [2, 3, 4])], (_, _) => { });
        for (var token = 0; token < 9; token++) opened.Advance([0, 1, 2, 3, 4], [3, 4, 5, 6, 7], (_, _) => { });
        var (measured, expected) = ((IMeasuredEngine)opened, new EngineMemory(model.Config, DeviceType.CPU));
        Assert.Equal(measured.PackedBytes, expected.Packed(engine, weights == DecodeType.Bfloat16));
        Assert.Equal(measured.CacheBytes, expected.Cache(options, slots: 5, prompts: 2, promptTokens: 7, newTokens: 9));
        Assert.Equal(engine == EngineKind.Tensor, measured.PackedBytes == 0);
    }

    [Theory]
    [InlineData("qwen3_moe")]
    [InlineData("phi3")]
    [InlineData("gemma2")]
    public void Packed_weights_of_other_families_have_the_expected_bytes(string name)
    {
        using var model = new GoldenFamily(name).Load();
        using var engine = DecodeEngines.Create(model, new DecodeOptions());
        engine.Open(1, 1, 1);
        Assert.Equal(((IMeasuredEngine)engine).PackedBytes, new EngineMemory(model.Config, DeviceType.CPU).Packed(EngineKind.Auto, isShort: false));
    }

    [Fact]
    public void A_model_in_BF16_is_packed_in_BF16()
    {
        using var model = new Decoder(TinyModels.Config() with { HeadWidth = 8 }, CPU, ScalarType.BFloat16);
        model.Initialize(1);
        using var engine = DecodeEngines.Create(model, new DecodeOptions());
        engine.Open(1, 1, 1);
        Assert.Equal(((IMeasuredEngine)engine).PackedBytes, new EngineMemory(model.Config, DeviceType.CPU).Packed(EngineKind.Auto, isShort: true));
    }

    [Fact]
    public void On_another_device_nothing_is_packed() =>
        Assert.Equal(0, new EngineMemory(TinyModels.Config() with { HeadWidth = 8 }, DeviceType.CUDA).Packed(EngineKind.Auto, isShort: false));
}
