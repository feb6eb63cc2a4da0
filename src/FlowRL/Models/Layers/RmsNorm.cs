using FlowRL.Models.Functions;
using FlowRL.Numerics;
using FlowRL.Numerics.Threads;
using static TorchSharp.torch;

namespace FlowRL.Models.Layers;

/// <summary>x / √(mean(x²) + ε) · w over the last dimension (arXiv 1910.07467), or · (1 + w).</summary>
internal readonly struct RmsNorm(Tensor weight, float epsilon, bool addsOne = false)
{
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        var factor = addsOne ? weight.add(Scalars.Of(1L), Scalars.Of(1L)) : weight;
        if (FusedRmsNorm.Fits(x)) return FusedRmsNorm.Apply(x, factor, epsilon).MoveToOuterDisposeScope();
        var inverse = x.Squared().mean([-1], keepdim: true).PlusInPlace(epsilon).rsqrt_();
        return (x * inverse * factor.to_type(x.dtype)).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// x · r · w with r = 1 / √(mean(x²) + ε), in one pass over memory each way; of the intermediate values only r is kept.
/// </summary>
/// <remarks>∂L/∂x = r (w dy) − x r³ / D · Σ (w dy x), ∂L/∂w = Σ over rows of dy x r. D width.</remarks>
internal sealed unsafe class FusedRmsNorm : autograd.SingleTensorFunction<FusedRmsNorm>
{
    // Of the rows, each with a sum of its own for the weight's gradient: the same whatever the number of threads.
    private const int Shares = 16;

    public override string Name => nameof(FusedRmsNorm);

    /// <summary>Whether this applies: else the tensor operations do.</summary>
    public static bool Fits(Tensor x) => TensorMemory.IsReachable(x) && Vectors.Lanes((int)x.shape[^1]) > 0;

    /// <param name="x">(..., D) fp32.</param>
    /// <param name="weight">(D) fp32.</param>
    /// <param name="epsilon">ε.</param>
    public static Tensor Apply(Tensor x, Tensor weight, float epsilon) => apply(x, weight, epsilon);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (weight, epsilon) = ((Tensor)vars[1], (float)vars[2]);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var x = ((Tensor)vars[0]).contiguous();
        var width = (int)x.shape[^1];
        var rows = (int)(x.numel() / width);
        var inverse = empty(rows);
        var target = empty_like(x);
        ctx.save_for_backward([(Tensor)vars[0], weight, inverse.MoveToOuterDisposeScope()]);
        nint source = (nint)TensorMemory.Floats(x), w = (nint)TensorMemory.Floats(weight);
        nint r = (nint)TensorMemory.Floats(inverse), y = (nint)TensorMemory.Floats(target);
        OpenMp.For(rows, (first, last, _) => Vectors.Run(
            new Forward((float*)source, (float*)w, epsilon, (float*)r, (float*)y, width, first, last), Vectors.Lanes(width)));
        return target.MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var pass = new BackwardPass(ctx, grad_output);
        var (x, weight, inverse, gradient) = (pass.Saved[0].contiguous(), pass.Saved[1], pass.Saved[2], pass.Gradient);
        var width = (int)x.shape[^1];
        var rows = (int)(x.numel() / width);
        var xGradient = empty_like(x);
        var partial = zeros(Shares, width); // added in order
        nint source = (nint)TensorMemory.Floats(x), w = (nint)TensorMemory.Floats(weight), r = (nint)TensorMemory.Floats(inverse);
        nint dy = (nint)TensorMemory.Floats(gradient), dx = (nint)TensorMemory.Floats(xGradient), dw = (nint)TensorMemory.Floats(partial);
        OpenMp.Shares(rows, Shares, (first, last, rank) => Vectors.Run(new Backward((float*)source, (float*)w, (float*)r, (float*)dy, (float*)dx,
            (float*)dw + (long)rank * width, width, first, last), Vectors.Lanes(width)));
        return pass.Give(xGradient, weight.requires_grad ? partial.sum([0L]) : null!, null!);
    }

    private readonly struct Forward(float* x, float* weight, float epsilon, float* inverse, float* y, int width, int first, int last) : IVectorKernel
    {
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            for (var row = first; row < last; row++)
            {
                var offset = (long)row * width;
                inverse[row] = RowKernel<S, V>.Normalize(x + offset, weight, epsilon, width, y + offset);
            }
        }
    }

    private readonly struct Backward(
        float* x, float* weight, float* inverse, float* dy, float* dx, float* dWeight, int width, int first, int last) : IVectorKernel
    {
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            for (var row = first; row < last; row++)
            {
                var offset = (long)row * width;
                float* source = x + offset, gradient = dy + offset, target = dx + offset;
                var r = S.Broadcast(inverse[row]);
                var dot = S.Broadcast(0);
                for (var i = 0; i < width; i += S.Lanes)
                {
                    var weighted = S.Multiply(S.Load(gradient + i), S.Load(source + i));
                    dot = S.MultiplyAdd(weighted, S.Load(weight + i), dot);
                    S.Store(dWeight + i, S.MultiplyAdd(weighted, r, S.Load(dWeight + i)));
                }
                var factor = S.Broadcast(-S.Sum(dot) * inverse[row] * inverse[row] / width);
                for (var i = 0; i < width; i += S.Lanes)
                {
                    var scaled = S.MultiplyAdd(S.Load(source + i), factor, S.Multiply(S.Load(gradient + i), S.Load(weight + i)));
                    S.Store(target + i, S.Multiply(r, scaled));
                }
            }
        }
    }
}
