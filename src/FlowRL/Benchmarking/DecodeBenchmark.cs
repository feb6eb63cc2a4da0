using FlowRL.Decoding;
using FlowRL.Models;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using static TorchSharp.torch;

namespace FlowRL.Benchmarking;

/// <summary>Sampling at temperature 1 with random weights: prompts of 24 tokens, 72 new ones, each prompt for a group of responses.</summary>
internal static class DecodeBenchmark
{
    public static Measured Run(BenchmarkShape shape, Ceilings ceilings, int repeat, int groupSize)
    {
        if (groupSize < 1 || shape.Sequences % groupSize != 0)
        {
            throw new BadInputException($"--group {groupSize} does not divide the {shape.Sequences} sequences of shape {shape.Name}; choose a divisor.");
        }
        using var model = new Decoder(shape.Config, CPU);
        model.Initialize(1);
        var type = shape.IsShort ? DecodeType.Bfloat16 : DecodeType.Float32;
        var ours = Seconds(model, shape, new DecodeOptions { Weights = type, Cache = type }, repeat, groupSize);
        var peak = Environment.WorkingSet;
        var plain = Seconds(model, shape, new DecodeOptions { Engine = EngineKind.Tensor }, 1, groupSize);
        return new Measured(shape.Sequences * BenchmarkShape.NewTokens / ours, Roofline(shape, model, ceilings) * BenchmarkShape.NewTokens / ours,
            plain / ours, peak, ours);
    }

    private static double Seconds(Decoder model, BenchmarkShape shape, DecodeOptions decode, int repeat, int groupSize)
    {
        using var sampler = new Sampler(model, new NeverEnding(shape.Config.VocabularySize), shape.Sequences, decode);
        var requests = Enumerable.Range(0, shape.Sequences / groupSize).Select(i => new SampleRequest(
            new Problem($"{i}", "", ""), [.. Enumerable.Range(0, BenchmarkShape.PromptTokens).Select(t => (7 * i + t) % 500)], groupSize, (ulong)i)).ToList();
        var seconds = new List<double>();
        for (var run = 0; run <= repeat; run++)
        {
            // The first run warms up; of a large model a few tokens do.
            var options = new SamplingOptions { MaxNewTokens = run == 0 && shape.IsShort ? 4 : BenchmarkShape.NewTokens };
            sampler.Sample(requests, options, 0, IRolloutObserver.None, CancellationToken.None);
            if (run > 0) seconds.Add(sampler.LastStatistics.Elapsed.TotalSeconds);
        }
        return seconds.Order().ElementAt(seconds.Count / 2);
    }

    /// <summary>
    /// Seconds a decoding step cannot go below: products and attention at the product ceiling, plus the cache read at the mean context
    /// (both use the same cores, so they add up); or the weights read once, where no cache holds them and that takes longer.
    /// </summary>
    private static double Roofline(BenchmarkShape shape, Decoder model, Ceilings ceilings)
    {
        const long held = 256L << 20;
        var numberBytes = shape.IsShort ? 2.0 : 4;
        var context = BenchmarkShape.PromptTokens + BenchmarkShape.NewTokens / 2.0;
        var attention = 4.0 * shape.Sequences * shape.Config.Layers * context * shape.Config.Heads * shape.Config.HeadWidth;
        var products = 2.0 * model.Weights.Parameters * shape.Sequences;
        var cache = 2.0 * numberBytes * shape.Sequences * shape.Config.Layers * context * shape.Config.KeyValueHeads * shape.Config.HeadWidth;
        var computing = (products + attention) / (ceilings.ProductGigaflops * 1e9) + cache / (ceilings.ReadGigabytes * 1e9);
        var weights = numberBytes * model.Weights.Parameters;
        return weights <= held ? computing : Math.Max(computing, (weights + cache) / (ceilings.ReadGigabytes * 1e9));
    }
}
