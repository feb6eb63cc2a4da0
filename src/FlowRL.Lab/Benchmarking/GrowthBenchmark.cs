using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Lab.Benchmarking;

/// <summary>Sampling and training around shape S, one size at a time made smaller and larger.</summary>
public static class GrowthBenchmark
{
    private const int HeadWidth = 32;
    private const int Prompt = 24;

    /// <summary>A place to start from: shape S with half of its sequences.</summary>
    internal sealed record Sizes(int Vocabulary = 512, int Width = 256, int Sequences = 128, int NewTokens = 72)
    {
        /// <summary>A training step takes a quarter of the sequences that are sampled: about the same time.</summary>
        public BenchmarkShape Shape => new("S", BenchmarkShape.Llama(
            Vocabulary, Width, 6, Width / HeadWidth, 21 * Width / 8, Prompt + NewTokens), Sequences, Sequences / 4)
        { PromptTokens = Prompt, NewTokens = NewTokens, ComparedTokens = 0 };
    }

    private static readonly (string Name, Sizes[] Sizes)[] Axes =
    [
        ("parameters", [new(Width: 128), new(Width: 256), new(Width: 384), new(Width: 512)]),
        ("sequences", [new(Sequences: 32), new(Sequences: 64), new(Sequences: 128), new(Sequences: 256)]),
        ("response tokens", [new(NewTokens: 36), new(NewTokens: 72), new(NewTokens: 144), new(NewTokens: 288)]),
        ("vocabulary", [new(512), new(2048), new(8192), new(32768)]),
    ];

    /// <summary>Measures every size of every axis. Call it on a thread of its own (<see cref="Training.TensorThread"/>).</summary>
    /// <param name="options">How carefully.</param>
    /// <param name="say">Told what is measured.</param>
    /// <param name="cancellation">Ends between repetitions, or earlier.</param>
    public static GrowthReport Run(BenchOptions options, Action<string> say, CancellationToken cancellation)
    {
        // The first size would otherwise pay for compiling just in time.
        Measure(Axes[0].Sizes[0], size => 0, options, cancellation);
        var axes = Axes.Select(axis => new GrowthReport.Axis(axis.Name, [.. axis.Sizes.Select(sizes =>
        {
            var point = Measure(sizes, parameters => Size(axis.Name, sizes, parameters), options with { WarmUpSeconds = 0 }, cancellation);
            say($"{point.Size:N0} {axis.Name}: sampling {point.DecodeSeconds:F2} s, training {point.TrainSeconds:F2} s");
            return point;
        })])).ToList();
        return new GrowthReport(Machine.Describe(), axes);
    }

    internal static GrowthReport.Point Measure(Sizes sizes, Func<long, double> size, BenchOptions options, CancellationToken cancellation)
    {
        using var model = new Decoder(sizes.Shape.Config, CPU);
        model.Initialize(1);
        var decode = Decode(model, sizes.Shape, options, cancellation);
        var train = Train(model, sizes.Shape, options, cancellation);
        static long Bytes(Measured measured) => measured.PeakBytes - measured.Memory["runtime"];
        return new GrowthReport.Point(size(model.Weights.Parameters), decode.Runs.Min(), Bytes(decode), train.Runs.Min(), Bytes(train));
    }

    private static double Size(string axis, Sizes sizes, long parameters) => axis switch
    {
        "parameters" => parameters,
        "sequences" => sizes.Sequences,
        "vocabulary" => sizes.Vocabulary,
        _ => sizes.NewTokens,
    };

    private static Measured Decode(Decoder model, BenchmarkShape shape, BenchOptions options, CancellationToken cancellation)
    {
        using var benchmark = new DecodeBenchmark(DecodeWork.Of(model, shape, shape.Sequences), options);
        benchmark.WarmUp(cancellation);
        return benchmark.Measure([], cancellation).Measured;
    }

    private static Measured Train(Decoder model, BenchmarkShape shape, BenchOptions options, CancellationToken cancellation)
    {
        var work = TrainWork.Of(shape, Enumerable.Repeat(shape.NewTokens, shape.TrainSequences));
        using var step = new TrainStep(model, work);
        Alternation.WarmUp(options, () => step.Run(cancellation));
        return TrainBenchmark.Alone(model, step, work, options, [("weights", PeakMemory.Of(model)),
            ("gradients", TrainBenchmark.GradientBytes(model)), ("optimizer", step.OptimizerBytes)], cancellation).Measured;
    }
}
