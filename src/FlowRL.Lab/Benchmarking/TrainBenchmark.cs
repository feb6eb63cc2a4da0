using System.Diagnostics;
using FlowRL.Models;
using FlowRL.Numerics.Products;
using static TorchSharp.torch;

namespace FlowRL.Lab.Benchmarking;

/// <summary>Training of a shape, and in turn: the same with plain tensor operations, and responses of many lengths against equal ones.</summary>
internal static class TrainBenchmark
{
    private const int ShortestResponse = 10;

    public static (Measured Measured, Roofline Roofline) Run(
        Decoder model, BenchmarkShape shape, BenchOptions options, CancellationToken cancellation)
    {
        var even = TrainWork.Of(shape, Enumerable.Repeat(shape.TrainTokens, shape.TrainSequences));
        var lengths = Spread(shape);
        var spread = TrainWork.Of(shape, lengths);
        var alike = TrainWork.Of(shape, Enumerable.Repeat((int)Math.Round(lengths.Average()), lengths.Length));

        Alternation.WarmUp(options, () => Ours(model, even, cancellation));
        var (peak, memory) = Peak(model, even, cancellation);
        Plain(model, even);
        var parts = new List<(double Forward, double Backward, double Optimizer)>();
        var seconds = Alternation.Run(options, cancellation,
            () =>
            {
                parts.Add(Ours(model, even, cancellation));
                return Total(parts[^1]);
            },
            () => Plain(model, even),
            () => Total(Ours(model, spread, cancellation)),
            () => Total(Ours(model, alike, cancellation)),
            () => ShortGradients.AreFast ? WithShortGradients(model, even, cancellation) : double.NaN);
        var median = Alternation.Median(seconds[0]);
        var measured = new Measured
        {
            TokensPerSecond = even.Tokens / median,
            SpeedupOverTensor = Alternation.Median(seconds[1]) / median,
            PeakBytes = peak,
            // The best of each: what a neighbour on the machine takes is no padding.
            PaddingShare = 1 - spread.Tokens / seconds[2].Min() / (alike.Tokens / seconds[3].Min()),
            ShortGradientsSpeedup = ShortGradients.AreFast ? median / Alternation.Median(seconds[4]) : null,
            Seconds = median,
            Runs = seconds[0],
            Time = Times(parts),
            Memory = memory,
        };
        return (measured, Roofline.OfTraining(model.Weights.Parameters, even.Tokens));
    }

    /// <summary>Training alone, warm.</summary>
    /// <param name="model">Borrowed.</param>
    /// <param name="step">Its training step, which has run before: gradients and moments are there.</param>
    /// <param name="work">What the step does.</param>
    /// <param name="options">How carefully.</param>
    /// <param name="owners">What is resident, by owner.</param>
    /// <param name="cancellation">Checked before each micro-batch.</param>
    public static (Measured Measured, Roofline Roofline) Alone(Decoder model, TrainStep step, TrainWork work,
        BenchOptions options, IEnumerable<(string Owner, long Bytes)> owners, CancellationToken cancellation)
    {
        var before = PeakMemory.Reset();
        step.Run(cancellation);
        var peak = PeakMemory.Bytes;
        var parts = new List<(double Forward, double Backward, double Optimizer)>();
        var runs = Alternation.Run(options, cancellation, () =>
        {
            parts.Add(step.Run(cancellation));
            return Total(parts[^1]);
        })[0];
        var measured = new Measured
        {
            TokensPerSecond = work.Tokens / Alternation.Median(runs),
            PeakBytes = peak,
            Seconds = Alternation.Median(runs),
            Runs = runs,
            Time = Times(parts),
            Memory = PeakMemory.ByOwner(peak, before, owners),
        };
        return (measured, Roofline.OfTraining(model.Weights.Parameters, work.Tokens));
    }

    public static long GradientBytes(Decoder model)
    {
        using var scope = NewDisposeScope();
        return PeakMemory.Of(model.Weights.Select(pair => pair.Value.grad).OfType<Tensor>());
    }

    /// <summary>Response lengths from 10 to a shape's longest, uniform.</summary>
    private static int[] Spread(BenchmarkShape shape)
    {
        var shortest = Math.Min(ShortestResponse, shape.TrainTokens);
        var seed = Seeds.Derive(1, "response lengths");
        return [.. Enumerable.Range(0, shape.TrainSequences).Select(i => shortest + Seeds.Below(seed, i, shape.TrainTokens - shortest + 1))];
    }

    // Each turn has moments of its own: both kinds at once would not fit beside a large model.
    private static (double Forward, double Backward, double Optimizer) Ours(Decoder model, TrainWork work, CancellationToken cancellation)
    {
        using var step = new TrainStep(model, work);
        return step.Run(cancellation);
    }

    private static double WithShortGradients(Decoder model, TrainWork work, CancellationToken cancellation)
    {
        using var _ = ShortGradients.On(true);
        return Total(Ours(model, work, cancellation));
    }

    private static double Plain(Decoder model, TrainWork work)
    {
        using var optimizer = new PlainAdamW(model.Weights, work.Optimizer);
        var plain = new PlainModel(model);
        var clock = Stopwatch.StartNew();
        foreach (var sequences in work.MiniBatches)
        {
            plain.Backward(sequences);
            optimizer.Step(work.Optimizer.LearningRate);
        }
        return clock.Elapsed.TotalSeconds;
    }

    private static (long Peak, IReadOnlyDictionary<string, long> Memory) Peak(Decoder model, TrainWork work, CancellationToken cancellation)
    {
        var before = PeakMemory.Reset();
        using var step = new TrainStep(model, work);
        step.Run(cancellation);
        var peak = PeakMemory.Bytes;
        return (peak, PeakMemory.ByOwner(
            peak, before, [("weights", PeakMemory.Of(model)), ("gradients", GradientBytes(model))], ("optimizer", step.OptimizerBytes)));
    }

    private static OrderedDictionary<string, double> Times(IReadOnlyList<(double Forward, double Backward, double Optimizer)> parts) => new()
    {
        ["forward"] = parts.Average(part => part.Forward),
        ["backward"] = parts.Average(part => part.Backward),
        ["optimizer"] = parts.Average(part => part.Optimizer),
    };

    private static double Total((double Forward, double Backward, double Optimizer) parts) => parts.Forward + parts.Backward + parts.Optimizer;
}
