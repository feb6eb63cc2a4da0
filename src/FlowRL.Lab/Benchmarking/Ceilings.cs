using System.Diagnostics;
using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Numerics.Products;
using FlowRL.Numerics.Threads;
using static TorchSharp.torch;

namespace FlowRL.Lab.Benchmarking;

/// <summary>What this machine can do at best, measured in the same run as what it did.</summary>
/// <param name="ProductGigaflops">fp32 matrix products: the best of the tensor library's and of our own.</param>
/// <param name="ReadGigabytes">Bytes a second read from main memory by all threads, in units of 10⁹.</param>
public sealed record Ceilings(double ProductGigaflops, double ReadGigabytes)
{
    private const double LowShare = 0.8, SlowLibrary = 0.5;

    /// <summary>The tensor library's products, the best of a large one and of one at the model's shape; 0 where that was not measured.</summary>
    public double LibraryGigaflops { get; init; }

    /// <summary>Multiply-adds whose operands all stay in registers: what no product can exceed. 0 where that was not measured.</summary>
    public double RegisterGigaflops { get; init; }

    /// <summary>What the numbers say of this machine that a reader of shares of them has to know.</summary>
    /// <returns>Sentences; none where all is as it should be.</returns>
    public IEnumerable<string> Remarks()
    {
        if (LibraryGigaflops > 0 && LibraryGigaflops < SlowLibrary * ProductGigaflops)
        {
            yield return $"The tensor library's products reach {LibraryGigaflops:F0} of {ProductGigaflops:F0} GFLOP/s on this processor; " +
                "training uses its own.";
        }
        if (RegisterGigaflops > 0 && ProductGigaflops < LowShare * RegisterGigaflops)
        {
            yield return $"The best product reaches {ProductGigaflops / RegisterGigaflops * 100:F0}% of what multiply-adds in registers do " +
                $"({RegisterGigaflops:F0} GFLOP/s): shares of this ceiling look better than they are.";
        }
    }

    /// <param name="config">The model.</param>
    /// <param name="rows">Sequences decoded side by side.</param>
    internal static Ceilings Measure(DecoderConfig config, int rows)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (library, own) = TrainingProducts(config);
        library = Math.Max(library, LargeProduct());
        var packed = Vectors.Run(new PackedProduct(config, Math.Max(rows, 64)), Vectors.Widest).Gigaflops;
        return new Ceilings(Math.Max(library, Math.Max(own, packed)), Read()) { LibraryGigaflops = library, RegisterGigaflops = RegisterProduct.Gigaflops() };
    }

    /// <summary>The better of both: a ceiling that was measured in a busy moment flatters whatever is compared with it.</summary>
    internal Ceilings Max(Ceilings other) => new(Math.Max(ProductGigaflops, other.ProductGigaflops), Math.Max(ReadGigabytes, other.ReadGigabytes))
    {
        LibraryGigaflops = Math.Max(LibraryGigaflops, other.LibraryGigaflops),
        RegisterGigaflops = Math.Max(RegisterGigaflops, other.RegisterGigaflops),
    };

    internal static double Best(int runs, Action action)
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

    private static double LargeProduct()
    {
        const int size = 2048;
        using var generator = new Generator(Seeds.Derive(1, "ceilings"));
        var (a, b) = (rand([size, size], generator: generator), rand([size, size], generator: generator));
        return 2.0 * size * size * size / Best(8, () => a.mm(b).Dispose()) / 1e9;
    }

    /// <summary>The feed-forward product of many tokens, by the library and by the kernels that training uses.</summary>
    private static (double Library, double Own) TrainingProducts(DecoderConfig config)
    {
        const int tokens = 1024;
        using var generator = new Generator(Seeds.Derive(2, "ceilings"));
        var (x, w) = (rand([tokens, config.Width], generator: generator), rand([config.FeedForwardWidth, config.Width], generator: generator));
        double Rate(bool own) =>
            2.0 * tokens * config.Width * config.FeedForwardWidth / Best(8, () => LinearProducts.Forward(x, w, null, own).Dispose()) / 1e9;
        return (Rate(own: false), Rate(own: true));
    }

    internal static double Read()
    {
        var large = ones(128L << 20); // 512 MB: far beyond any cache
        return large.numel() * 4 / Best(5, () => large.sum().Dispose()) / 1e9;
    }

    /// <summary>The feed-forward product with weights packed beforehand, each thread with its share of the rows.</summary>
    private unsafe struct PackedProduct(DecoderConfig config, int rows) : IVectorKernel
    {
        public double Gigaflops { get; private set; }

        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            var (inputs, outputs, height) = (config.Width, Math.Min(2 * config.FeedForwardWidth, 4096), rows);
            using var weights = new PackedMatrix<S, V, Float32Storage>(outputs, inputs);
            var zeros = new float[inputs];
            var width = PackedMatrix<S, V, Float32Storage>.Width;
            var stride = weights.Panels * width;
            var (x, y, partial) = (new float[height * inputs], new float[height * stride], new float[height * width]);
            using var crew = new Crew(get_num_threads());
            fixed (float* zero = zeros, input = x, output = y, scratch = partial)
            {
                var (none, from, to, rest) = ((nint)zero, (nint)input, (nint)output, (nint)scratch);
                for (var panel = 0; panel < weights.Panels; panel++) weights.Fill(panel, i => (float*)none, i => 0);
                var seconds = Best(20, () => crew.Run(rank =>
                {
                    var (first, last) = new Team(crew.Size).Share(height, rank);
                    for (var repeat = 0; repeat < 20; repeat++)
                    {
                        MatrixProduct<S, V, Float32Storage>.Run<Assign<S, V>>(
                            (float*)from + (long)first * inputs, inputs, last - first, weights, 0, weights.Panels,
                            (float*)to + (long)first * stride, stride, (float*)rest + (long)first * width);
                    }
                }));
                Gigaflops = 20 * 2.0 * height * inputs * stride / seconds / 1e9;
            }
        }
    }
}
