using System.Diagnostics;
using System.Runtime.Intrinsics;
using FlowRL.Models;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Lab.Benchmarking;

/// <summary>What this machine can do at best, measured in the same run as what it did.</summary>
/// <param name="ProductGigaflops">fp32 matrix products: the best of the tensor library on large matrices and of packed weights at the
/// shapes of the model.</param>
/// <param name="ReadGigabytes">Bytes a second read from main memory by all threads, in units of 10⁹.</param>
public sealed record Ceilings(double ProductGigaflops, double ReadGigabytes)
{
    /// <param name="config">The model.</param>
    /// <param name="rows">Sequences decoded side by side.</param>
    internal static Ceilings Measure(DecoderConfig config, int rows)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return new Ceilings(Math.Max(LargeProduct(), PackedProduct(config, Math.Max(rows, 64))), Read());
    }

    /// <summary>The better of both: a ceiling that was measured in a busy moment flatters whatever is compared with it.</summary>
    internal Ceilings Max(Ceilings other) =>
        new(Math.Max(ProductGigaflops, other.ProductGigaflops), Math.Max(ReadGigabytes, other.ReadGigabytes));

    private static double LargeProduct()
    {
        const int size = 2048;
        var generator = new Generator(Seeds.Derive(1, "ceilings"));
        var (a, b) = (rand([size, size], generator: generator), rand([size, size], generator: generator));
        return 2.0 * size * size * size / Best(8, () => a.mm(b).Dispose()) / 1e9;
    }

    /// <summary>The feed-forward product with weights packed beforehand, each thread with its share of the rows.</summary>
    private static unsafe double PackedProduct(DecoderConfig config, int rows)
    {
        if (!Vector512.IsHardwareAccelerated) return 0;
        var (inputs, outputs) = (config.Width, Math.Min(2 * config.FeedForwardWidth, 4096));
        using var weights = new PackedMatrix<Simd512, Vector512<float>, Float32Storage>(outputs, inputs);
        var zeros = new float[inputs];
        var width = PackedMatrix<Simd512, Vector512<float>, Float32Storage>.Width;
        var stride = weights.Panels * width;
        var (x, y, partial) = (new float[rows * inputs], new float[rows * stride], new float[rows * width]);
        using var crew = new Crew(get_num_threads());
        fixed (float* zero = zeros, input = x, output = y, scratch = partial)
        {
            var (none, from, to, rest) = ((nint)zero, (nint)input, (nint)output, (nint)scratch);
            for (var panel = 0; panel < weights.Panels; panel++) weights.Fill(panel, i => (float*)none, i => 0);
            var seconds = Best(20, () => crew.Run(rank =>
            {
                var (first, last) = new Team(crew.Size).Share(rows, rank);
                for (var repeat = 0; repeat < 20; repeat++)
                {
                    MatrixProduct<Simd512, Vector512<float>, Float32Storage>.Run<Assign<Simd512, Vector512<float>>>(
                        (float*)from + (long)first * inputs, inputs, last - first, weights, 0, weights.Panels,
                        (float*)to + (long)first * stride, stride, (float*)rest + (long)first * width);
                }
            }));
            return 20 * 2.0 * rows * inputs * stride / seconds / 1e9;
        }
    }

    private static double Read()
    {
        var large = ones(128L << 20); // 512 MB: far beyond any cache
        return large.numel() * 4 / Best(5, () => large.sum().Dispose()) / 1e9;
    }

    private static double Best(int runs, Action action)
    {
        action();
        var best = double.MaxValue;
        for (var i = 0; i < runs; i++)
        {
            var clock = Stopwatch.StartNew();
            action();
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }
        return best;
    }
}
