using System.Diagnostics;
using static TorchSharp.torch;

namespace FlowRL.Benchmarks;

/// <summary>What this machine can do at best, measured in the same run as what it did.</summary>
internal sealed record Ceilings(double ProductGigaflops, double ReadGigabytes)
{
    public static Ceilings Measure()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        const int size = 2048;
        var (a, b) = (rand(size, size), rand(size, size));
        var product = Best(8, () => a.mm(b).Dispose());
        var large = ones(128L << 20); // 512 MB: far beyond any cache
        var read = Best(5, () => large.sum().Dispose());
        return new Ceilings(2.0 * size * size * size / product / 1e9, large.numel() * 4 / read / 1e9);
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
