using FlowRL.Lab.Benchmarking;
using FlowRL.Models;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models;

public sealed class WeightLayoutTests
{
    [Theory]
    [InlineData("llama", ScalarType.Float32, 4)]
    [InlineData("qwen2", ScalarType.BFloat16, 2)]
    [InlineData("qwen3", ScalarType.BFloat16, 2)]
    public void Numbers_and_bytes_are_those_of_the_model(string family, ScalarType type, int bytes)
    {
        using var model = new Decoder(TinyModels.Config(family), CPU, type);
        var size = new WeightLayout(model.Config);
        Assert.Equal((model.Weights.Parameters, PeakMemory.Of(model)), (size.Parameters, size.Bytes(bytes)));
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("qwen3")]
    public void Adapters_are_counted_as_they_are_made(string family)
    {
        var options = AdaptedModels.Options(rank: 5, alpha: 6, Projection.KProj, Projection.DownProj);
        using var model = AdaptedModels.Create(TinyModels.Config(family), options);
        Assert.Equal(model.Adapters!.Weights.Parameters, LoraAdapters.Count(model.Config, options));
        Assert.Equal(0, LoraAdapters.Count(model.Config, new LoraOptions()));
    }
}
