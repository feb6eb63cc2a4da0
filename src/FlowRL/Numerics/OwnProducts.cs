using System.Diagnostics;
using static TorchSharp.torch;

namespace FlowRL.Numerics;

/// <summary><see cref="DenseProduct"/> of tensors: fp32, on the CPU.</summary>
internal static unsafe class OwnProducts
{
    // The library must be this much faster to be chosen, so that a tie, which noise decides, always goes the same way.
    private const double Margin = 1.25;

    private static readonly Lazy<bool> Chosen = new(Measure);

    /// <summary>Whether the kernels here are to be used in place of the library's: measured once, on the machine that it is.</summary>
    public static bool AreChosen => Chosen.Value;

    /// <summary>(N, O) = x (N, K) · Wᵀ + b for W (O, K).</summary>
    public static Tensor Forward(Tensor x, Tensor weight, Tensor? bias)
    {
        using var rows = x.contiguous();
        var y = empty([x.shape[0], weight.shape[0]]);
        DenseProduct.Forward(TensorMemory.Floats(rows), (int)x.shape[0], (int)x.shape[1], TensorMemory.Floats(weight), (int)weight.shape[0],
            bias is null ? null : TensorMemory.Floats(bias), TensorMemory.Floats(y));
        return y;
    }

    /// <summary>(N, K) = dy (N, O) · W for W (O, K).</summary>
    public static Tensor InputGradient(Tensor dy, Tensor weight)
    {
        using var rows = dy.contiguous();
        var dx = empty([dy.shape[0], weight.shape[1]]);
        DenseProduct.InputGradient(TensorMemory.Floats(rows), (int)dy.shape[0], (int)dy.shape[1], TensorMemory.Floats(weight), (int)weight.shape[1],
            TensorMemory.Floats(dx));
        return dx;
    }

    /// <summary>Adds dyᵀ · x, for dy (N, O) and x (N, K), to <paramref name="gradient"/> (O, K).</summary>
    public static void AddWeightGradient(Tensor dy, Tensor x, Tensor gradient)
    {
        using Tensor rows = dy.contiguous(), inputs = x.contiguous();
        DenseProduct.WeightGradient(TensorMemory.Floats(rows), (int)dy.shape[0], (int)dy.shape[1], TensorMemory.Floats(inputs), (int)x.shape[1],
            TensorMemory.Floats(gradient));
    }

    private static bool Measure()
    {
        const int size = 768;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var generator = new Generator(1);
        var (x, w) = (rand([size, size], generator: generator), rand([size, size], generator: generator));
        double Best(Func<Tensor> product)
        {
            var best = double.MaxValue;
            for (var i = 0; i < 6; i++)
            {
                var clock = Stopwatch.StartNew();
                using var made = product();
                best = Math.Min(best, clock.Elapsed.TotalSeconds);
            }
            return best;
        }
        return Best(() => Forward(x, w, null)) < Margin * Best(() => nn.functional.linear(x, w));
    }
}
