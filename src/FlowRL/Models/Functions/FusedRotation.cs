using FlowRL.Numerics;
using FlowRL.Numerics.Threads;
using static TorchSharp.torch;

namespace FlowRL.Models.Functions;

/// <summary>
/// Rotary embedding of the first Dr numbers of each head of (N, H, Dh), in one pass over memory; backward turns the gradient by the opposite angles.
/// </summary>
internal sealed unsafe class FusedRotation : autograd.SingleTensorFunction<FusedRotation>
{
    public override string Name => nameof(FusedRotation);

    /// <summary>Whether this applies: else the tensor operations do.</summary>
    public static bool Fits(Tensor x) => TensorMemory.IsReachable(x);

    /// <param name="x">(N, H, Dh) fp32.</param>
    /// <param name="rotation">Cosines and sines (N, 1, Dr/2).</param>
    public static Tensor Apply(Tensor x, (Tensor Cos, Tensor Sin) rotation) => apply(x, rotation.Cos, rotation.Sin);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, cos, sin) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
        ctx.save_for_backward([cos, sin]);
        return Turn(x, cos, sin, 1);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var pass = new BackwardPass(ctx, grad_output);
        return pass.Give(Turn(pass.Gradient, pass.Saved[0], pass.Saved[1], -1), null!, null!);
    }

    private static Tensor Turn(Tensor x, Tensor cos, Tensor sin, float sign)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var source = x.contiguous();
        var target = empty_like(source);
        var (heads, width, turned) = ((int)x.shape[1], (int)x.shape[2], 2 * (int)cos.shape[^1]);
        nint from = (nint)TensorMemory.Floats(source), to = (nint)TensorMemory.Floats(target);
        nint cosines = (nint)TensorMemory.Floats(cos), sines = (nint)TensorMemory.Floats(sin);
        OpenMp.For((int)x.shape[0], (first, last, _) => Vectors.Run(
            new Kernel((float*)from, (float*)to, (float*)cosines, (float*)sines, heads, width, turned, sign, first, last), Vectors.Widest));
        return target.MoveToOuterDisposeScope();
    }

    private readonly struct Kernel(
        float* source, float* target, float* cos, float* sin, int heads, int width, int turned, float sign, int first, int last) : IVectorKernel
    {
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            for (var head = (long)first * heads; head < (long)last * heads; head++)
            {
                var angles = head / heads * turned / 2;
                float* from = source + head * width, to = target + head * width;
                RowKernel<S, V>.Rotate(from, to, cos + angles, sin + angles, turned, sign);
                new Span<float>(from + turned, width - turned).CopyTo(new Span<float>(to + turned, width - turned));
            }
        }
    }
}
