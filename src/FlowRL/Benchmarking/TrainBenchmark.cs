using System.Diagnostics;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Training;
using static TorchSharp.torch;

namespace FlowRL.Benchmarking;

/// <summary>Forward, backward and optimiser on sequences of 96 tokens, counted as 6 × parameters × tokens.</summary>
internal static class TrainBenchmark
{
    public static Measured Run(BenchmarkShape shape, Ceilings ceilings, int repeat)
    {
        using var model = new Decoder(shape.Config, CPU);
        model.Initialize(1);
        var options = new OptimizerOptions { LearningRate = 1e-4 };
        using var optimizer = new AdamW(options);
        optimizer.AddGroup("", model.Weights, 1);
        // Next tokens differ from inputs: labels equal to inputs saturate the softmax and measure denormals.
        var sequences = Enumerable.Range(0, shape.TrainSequences).Select(i => new TokenSequence(
            [.. Enumerable.Range(0, BenchmarkShape.PromptTokens).Select(t => (13 * i + 7 * t) % 500)],
            [.. Enumerable.Range(0, BenchmarkShape.NewTokens + 1).Select(t => (17 * i + 11 * t + 3) % 500)])).ToList();
        var seconds = new List<double>();
        for (var run = 0; run <= repeat; run++)
        {
            var clock = Stopwatch.StartNew();
            Supervised.Backward(model, sequences, tokenBudget: 8192, CancellationToken.None);
            optimizer.Step(options.LearningRate, 1);
            optimizer.ZeroGradients();
            if (run > 0) seconds.Add(clock.Elapsed.TotalSeconds);
        }
        var median = seconds.Order().ElementAt(seconds.Count / 2);
        var tokens = sequences.Sum(sequence => sequence.Length);
        var flops = 6.0 * model.Weights.Parameters * tokens;
        return new Measured(tokens / median, flops / (ceilings.ProductGigaflops * 1e9) / median, null, Environment.WorkingSet, median);
    }
}
