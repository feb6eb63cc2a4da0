using FlowRL.Decoding;
using FlowRL.Models;
using FlowRL.Tests.Support;
using FlowRL.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Tests.Decoding;

/// <summary>The CPU engine packs merged matrices; the tensor engine adds the adapters' part. Both are the same model.</summary>
public sealed class AdapterParityTests
{
    [Theory]
    [InlineData("llama", 8)]
    [InlineData("qwen2", 16)]
    [InlineData("qwen3", 32)]
    public void Both_engines_decode_the_adapted_model(string family, int headWidth)
    {
        using var model = Model(family, headWidth, ScalarType.Float32);
        using var reference = model.WithoutAdapters();
        var adapted = Logits(model, EngineKind.Tensor);
        Assert.InRange(Gap(adapted, Logits(model, EngineKind.Cpu)), 0, 1e-4);
        Assert.InRange(Gap(Logits(reference, EngineKind.Tensor), Logits(reference, EngineKind.Cpu)), 0, 1e-4);
        Assert.InRange(Gap(adapted, Logits(reference, EngineKind.Cpu)), 0.1, 100);
    }

    [Fact]
    public void Over_BF16_weights_the_merged_matrices_are_packed_as_BF16()
    {
        using var model = Model("llama", 32, ScalarType.BFloat16);
        using var exact = AdaptedModels.Plain(model);
        Assert.InRange(Gap(Logits(exact, EngineKind.Tensor), Logits(model, EngineKind.Cpu)), 1e-4, 0.5);
        Assert.InRange(Gap(Logits(exact, EngineKind.Tensor), Logits(model, EngineKind.Tensor)), 1e-4, 0.5);
    }

    [Fact]
    public void Scores_are_those_of_the_trainer()
    {
        using var model = Model("llama", 8, ScalarType.Float32);
        List<TokenSequence> sequences = [new([3, 4], [5, 6, 7]), new([3, 4], [9]), new([8], [1, 2, 3, 4, 5])];
        var scores = ReferenceScorer.Score(model, sequences, 0.7, 1000, CancellationToken.None);
        var expected = LogProbScorer.Score(model, sequences, 0.7, 1000, CancellationToken.None);
        foreach (var (a, b) in expected.SelectMany(row => row).Zip(scores.SelectMany(row => row))) Assert.Equal(a, b, 1e-4);
    }

    [Fact]
    public void Packing_leaves_no_merged_matrix_behind()
    {
        using var model = Model("llama", 8, ScalarType.Float32);
        using var engine = DecodeEngines.Create(model, new DecodeOptions { Engine = EngineKind.Cpu });
        DisposeScopeManager.Statistics.Reset();
        engine.Open(1, 4, 4);
        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static Decoder Model(string family, int headWidth, ScalarType type)
    {
        var model = AdaptedModels.Create(TinyModels.Config(family) with { HeadWidth = headWidth }, AdaptedModels.Options(), type);
        AdaptedModels.Train(model);
        return model;
    }

    private static float[] Logits(Decoder model, EngineKind kind)
    {
        using var engine = DecodeEngines.Create(model, new DecodeOptions { Engine = kind });
        engine.Open(2, 3, 3);
        var all = new List<float>();
        void Read(int row, ReadOnlySpan<float> logits)
        {
            lock (all) all.AddRange(logits);
        }
        engine.Start([new PromptStart([3, 4, 5], [0])], Read);
        engine.Advance([0], [6], Read);
        engine.Advance([0], [7], Read);
        engine.End(0);
        engine.Close();
        return [.. all];
    }

    private static double Gap(float[] a, float[] b) => a.Zip(b, (x, y) => (double)Math.Abs(x - y)).Max();
}
