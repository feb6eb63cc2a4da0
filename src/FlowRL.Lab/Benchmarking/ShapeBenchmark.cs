using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Lab.Benchmarking;

/// <summary>Sampling and training of models with random weights, against the machine's ceilings and plain tensor operations.</summary>
public static class ShapeBenchmark
{
    /// <summary>Measures each shape. Call it on a thread of its own (<see cref="Training.TensorThread"/>).</summary>
    /// <param name="shapes">Which.</param>
    /// <param name="options">How carefully.</param>
    /// <param name="say">Told what is measured.</param>
    /// <param name="cancellation">Ends between repetitions, or earlier.</param>
    public static BenchReport Run(IReadOnlyList<BenchmarkShape> shapes, BenchOptions options, Action<string> say, CancellationToken cancellation)
    {
        var reports = new OrderedDictionary<string, ShapeReport>();
        foreach (var shape in shapes)
        {
            say($"{shape.Name}: ceilings of the machine");
            var ceilings = Ceilings.Measure(shape.Config, shape.Sequences);
            var raw = Measure(shape, options, say, cancellation);
            reports.Add(shape.Name, raw(ceilings.Max(Ceilings.Measure(shape.Config, shape.Sequences))));
        }
        return new BenchReport(Machine.Describe(), reports);
    }

    /// <summary>Measures one shape; the result needs ceilings to be rated by.</summary>
    internal static Func<Ceilings, ShapeReport> Measure(
        BenchmarkShape shape, BenchOptions options, Action<string> say, CancellationToken cancellation)
    {
        var one = shape.DecodesOne ? Decode(shape, 1, options, say, cancellation) : default;
        var decode = Decode(shape, shape.Sequences, options, say, cancellation);
        say($"{shape.Name}: training {shape.TrainSequences} sequences");
        using var model = Create(shape, ScalarType.Float32);
        var train = TrainBenchmark.Run(model, shape, options, cancellation);
        var parameters = model.Weights.Parameters;
        return ceilings => new ShapeReport
        {
            Parameters = parameters,
            Ceilings = ceilings,
            Decode = decode.Roofline.Rate(decode.Measured, ceilings),
            DecodeOne = shape.DecodesOne ? one.Roofline.Rate(one.Measured, ceilings) : null,
            Train = train.Roofline.Rate(train.Measured, ceilings),
        };
    }

    private static (Measured Measured, Roofline Roofline) Decode(
        BenchmarkShape shape, int sequences, BenchOptions options, Action<string> say, CancellationToken cancellation)
    {
        say($"{shape.Name}: sampling {sequences} side by side");
        // BF16 for the tensor operations too: they are compared in the same types.
        using var model = Create(shape, shape.IsShort ? ScalarType.BFloat16 : ScalarType.Float32);
        using var benchmark = new DecodeBenchmark(DecodeWork.Of(model, shape, sequences), options);
        benchmark.WarmUp(cancellation);
        return benchmark.Measure([], cancellation);
    }

    private static Decoder Create(BenchmarkShape shape, ScalarType type)
    {
        var model = new Decoder(shape.Config, CPU, type);
        model.Initialize(1);
        return model;
    }
}
