using FlowRL.Files;
using static TorchSharp.torch;

namespace FlowRL.Numerics.Products;

/// <summary>
/// The three products of a linear layer, of fp32 tensors on the CPU: with the kernels of <see cref="DenseProduct"/>, or with the tensor library's where
/// those are much faster; gradients in BF16 where a thread asks for them so (<see cref="ShortGradients"/>). Nothing here is recorded for gradients.
/// </summary>
internal static unsafe class LinearProducts
{
    private static readonly Lazy<bool> Chosen = new(() => ProductChoice.IsOwn(UserCache.Folder("machine"), ProductChoice.Measure));

    [ThreadStatic]
    private static bool? _named;

    /// <summary>Whether the kernels here are used in place of the library's: <see cref="ProductChoice"/>, unless this thread named one.</summary>
    public static bool AreOwn => _named ?? Chosen.Value;

    /// <summary>Names this thread's products until the result is disposed, whatever the machine chose: for tests that compare with others.</summary>
    public static IDisposable Named(bool own)
    {
        var before = _named;
        _named = own;
        return new Naming(before);
    }

    // Tests and measurements name whose product they want; where nobody does, it is the chosen one.

    /// <summary>(N, O) = x (N, K) · Wᵀ + b for W (O, K).</summary>
    public static Tensor Forward(Tensor x, Tensor weight, Tensor? bias, bool? own = null)
    {
        if (!(own ?? AreOwn)) return nn.functional.linear(x, weight, bias);
        var y = empty([x.shape[0], weight.shape[0]]);
        ForwardInto(x, weight, bias, y);
        return y;
    }

    /// <summary>Adds x (N, K) · Wᵀ, for W (O, K), to y (N, O).</summary>
    public static void AddForward(Tensor x, Tensor weight, Tensor y, bool? own = null)
    {
        if (own ?? AreOwn)
        {
            ForwardInto(x, weight, null, y, adds: true);
            return;
        }
        using var across = weight.t();
        _ = y.addmm_(x, across, 1, 1); // y itself
    }

    /// <summary>Adds dy (N, O) · W, for W (O, K), to dx (N, K).</summary>
    public static void AddInputGradient(Tensor dy, Tensor weight, Tensor dx, bool? own = null)
    {
        if (ShortGradients.AreOn) ShortGradients.AddInput(dy, weight, dx);
        else if (own ?? AreOwn) InputGradientInto(dy, weight, dx, adds: true);
        else _ = dx.addmm_(dy, weight, 1, 1); // dx itself
    }

    /// <summary>(N, K) = dy (N, O) · W for W (O, K).</summary>
    public static Tensor InputGradient(Tensor dy, Tensor weight, bool? own = null)
    {
        if (ShortGradients.AreOn) return ShortGradients.Input(dy, weight);
        if (!(own ?? AreOwn)) return dy.mm(weight);
        var dx = empty([dy.shape[0], weight.shape[1]]);
        InputGradientInto(dy, weight, dx);
        return dx;
    }

    /// <summary>Adds dyᵀ · x, for dy (N, O) and x (N, K), to <paramref name="gradient"/> (O, K).</summary>
    public static void AddWeightGradient(Tensor dy, Tensor x, Tensor gradient, bool? own = null)
    {
        if (ShortGradients.AreOn)
        {
            ShortGradients.AddWeight(dy, x, gradient);
            return;
        }
        if (!(own ?? AreOwn))
        {
            using var across = dy.t();
            _ = gradient.addmm_(across, x, 1, 1); // the gradient itself
            return;
        }
        using Tensor rows = dy.contiguous(), inputs = x.contiguous();
        DenseProduct.WeightGradient(TensorMemory.Floats(rows), (int)dy.shape[0], (int)dy.shape[1], TensorMemory.Floats(inputs), (int)x.shape[1],
            TensorMemory.Floats(gradient));
    }

    private static void InputGradientInto(Tensor dy, Tensor weight, Tensor dx, bool adds = false)
    {
        using var rows = dy.contiguous();
        DenseProduct.InputGradient(TensorMemory.Floats(rows), (int)dy.shape[0], (int)dy.shape[1], TensorMemory.Floats(weight), (int)weight.shape[1],
            TensorMemory.Floats(dx), adds: adds);
    }

    private static void ForwardInto(Tensor x, Tensor weight, Tensor? bias, Tensor y, bool adds = false)
    {
        using var rows = x.contiguous();
        DenseProduct.Forward(TensorMemory.Floats(rows), (int)x.shape[0], (int)x.shape[1], TensorMemory.Floats(weight), (int)weight.shape[0],
            bias is null ? null : TensorMemory.Floats(bias), TensorMemory.Floats(y), adds: adds);
    }

    private sealed class Naming(bool? before) : IDisposable
    {
        public void Dispose() => _named = before;
    }
}
