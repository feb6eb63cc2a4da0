using FlowRL.Lab.Benchmarking;

namespace FlowRL.Tests.Lab.Benchmarking;

public sealed class RooflineTests
{
    private static readonly Ceilings Machine = new(320, 24);

    /// <summary>Counted by hand: 2 · 4,803,840 · 256 + 4 · 256 · 6 · 60 · 256 operations at 320 GFLOP/s, 2 · 4 · 256 · 6 · 60 · 256 bytes at 24 GB/s.</summary>
    [Theory]
    [InlineData("S", 4, 0.0157096)]
    [InlineData("S", 2, 0.0118448)]
    [InlineData("M", 4, 0.0162204)]
    [InlineData("M", 2, 0.0136019)]
    public void A_decoding_step_costs_its_arithmetic_and_its_cache(string name, double cacheBytes, double expected)
    {
        var shape = BenchmarkShape.ByName(name);
        using var model = new FlowRL.Models.Decoder(shape.Config, TorchSharp.torch.CPU);
        var lengths = Enumerable.Repeat((24, 72), shape.Sequences).ToList();
        var roofline = Roofline.OfDecoding(shape.Config, model.Weights.Parameters, lengths, 71, (4, cacheBytes));
        Assert.InRange(roofline.Seconds(Machine) / 71, expected * 0.97, expected * 1.03);
    }

    /// <summary>988 MB of BF16 weights a step at 24 GB/s are 41 ms.</summary>
    [Fact]
    public void A_large_model_costs_its_weights_once_a_step()
    {
        var roofline = Roofline.OfDecoding(BenchmarkShape.QwenHalfBillion, 494_032_768, [(24, 72)], 71, (2, 2));
        Assert.InRange(roofline.Seconds(Machine) / 71, 0.0411, 0.0413);
    }

    [Fact]
    public void The_formula_is_told_in_numbers()
    {
        var measured = new Measured
        {
            TokensPerSecond = 1,
            PeakBytes = 1,
            Seconds = 2,
            Runs = [2],
            Time = new Dictionary<string, double>(),
            Memory = new Dictionary<string, long>(),
        };
        var rated = Roofline.OfTraining(1_000_000, 32_000).Rate(measured, Machine);
        Assert.Equal((0.3, "(6 · 1,000,000 parameters · 32,000 tokens) / 320 GFLOP/s = 0.6 s; took 2 s"), (rated.RooflineFraction, rated.Roofline));
        var large = Roofline.OfDecoding(BenchmarkShape.QwenHalfBillion, 494_032_768, [(24, 72)], 71, (2, 2)).Rate(measured, Machine);
        Assert.Equal("the larger of (2 · 494,032,768 parameters · 71 tokens + attention 0.4 GFLOP) / 320 GFLOP/s + 0.05 GB of cache / 24.0 GB/s and " +
            "(70.2 GB of weights, read once a step, + 0.05 GB of cache) / 24.0 GB/s = 2.93 s; took 2 s", large.Roofline);
    }
}
