using FlowRL.Models;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using static TorchSharp.torch;

namespace FlowRL.Benchmarks;

internal sealed record Measured(double TokensPerSecond, double RooflineFraction, double Seconds);

/// <summary>Sampling at temperature 1 with random weights: prompts of 24 tokens, 72 new ones, groups of 8.</summary>
internal static class DecodeBenchmark
{
    private const int GroupSize = 8;

    public static Measured Run(Shape shape, Ceilings ceilings, int repeat)
    {
        using var model = new Decoder(shape.Config, CPU);
        model.Initialize(1);
        using var sampler = new Sampler(model, new NeverEnding(shape.Config.VocabularySize), shape.Sequences);
        var requests = Enumerable.Range(0, shape.Sequences / GroupSize).Select(i => new SampleRequest(
            new Problem($"{i}", "", ""), [.. Enumerable.Range(0, Shape.PromptTokens).Select(t => (7 * i + t) % 500)], GroupSize, (ulong)i)).ToList();
        var options = new SamplingOptions { MaxNewTokens = Shape.NewTokens };
        var seconds = new List<double>();
        for (var run = 0; run <= repeat; run++)
        {
            sampler.Sample(requests, options, 0, IRolloutObserver.None, CancellationToken.None);
            if (run > 0) seconds.Add(sampler.LastStatistics.Elapsed.TotalSeconds);
        }
        var median = seconds.Order().ElementAt(seconds.Count / 2);
        var tokens = shape.Sequences * Shape.NewTokens;
        return new Measured(tokens / median, Roofline(shape, model, ceilings) * Shape.NewTokens / median, median);
    }

    /// <summary>
    /// Seconds a decoding step cannot go below: products and attention at the product ceiling, plus the cache read at the mean context.
    /// Both use the same cores, so they add up. Weights stay in the cache at these sizes.
    /// </summary>
    private static double Roofline(Shape shape, Decoder model, Ceilings ceilings)
    {
        var context = Shape.PromptTokens + Shape.NewTokens / 2.0;
        var attention = 4.0 * shape.Sequences * shape.Config.Layers * context * shape.Config.Width;
        var products = 2.0 * model.Weights.Parameters * shape.Sequences;
        var bytes = 2.0 * 4 * shape.Sequences * shape.Config.Layers * context * shape.Config.KeyValueHeads * shape.Config.HeadWidth;
        return (products + attention) / (ceilings.ProductGigaflops * 1e9) + bytes / (ceilings.ReadGigabytes * 1e9);
    }
}
