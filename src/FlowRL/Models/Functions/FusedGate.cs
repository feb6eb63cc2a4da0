using FlowRL.Numerics;
using FlowRL.Numerics.Threads;
using static TorchSharp.torch;

namespace FlowRL.Models.Functions;

/// <summary>silu(gate) · up in one pass over memory, forward and backward; nothing but the two inputs is kept.</summary>
internal sealed unsafe class FusedGate : autograd.SingleTensorFunction<FusedGate>
{
    public override string Name => nameof(FusedGate);

    /// <summary>Whether this applies: else the tensor operations do.</summary>
    public static bool Fits(Tensor gate) => TensorMemory.IsReachable(gate) && Vectors.Lanes((int)gate.shape[1]) > 0;

    /// <param name="gate">(N, F) fp32.</param>
    /// <param name="up">(N, F) fp32.</param>
    public static Tensor Apply(Tensor gate, Tensor up) => apply(gate, up);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (gate, up) = ((Tensor)vars[0], (Tensor)vars[1]);
        ctx.save_for_backward([gate, up]);
        var target = empty_like(gate);
        nint g = (nint)TensorMemory.Floats(gate), u = (nint)TensorMemory.Floats(up), y = (nint)TensorMemory.Floats(target);
        var width = (int)gate.shape[1];
        OpenMp.For((int)gate.shape[0], (first, last, _) => Vectors.Run(
            new Forward((float*)g, (float*)u, (float*)y, (long)first * width, (long)last * width), Vectors.Lanes(width)));
        return target;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var pass = new BackwardPass(ctx, grad_output);
        var (gate, up, gradient) = (pass.Saved[0], pass.Saved[1], pass.Gradient);
        Tensor gateGradient = empty_like(gate), upGradient = empty_like(up);
        nint g = (nint)TensorMemory.Floats(gate), u = (nint)TensorMemory.Floats(up), dy = (nint)TensorMemory.Floats(gradient);
        nint dg = (nint)TensorMemory.Floats(gateGradient), du = (nint)TensorMemory.Floats(upGradient);
        var width = (int)gate.shape[1];
        OpenMp.For((int)gate.shape[0], (first, last, _) => Vectors.Run(
            new Backward((float*)g, (float*)u, (float*)dy, (float*)dg, (float*)du, (long)first * width, (long)last * width), Vectors.Lanes(width)));
        return pass.Give(gateGradient, upGradient);
    }

    private readonly struct Forward(float* gate, float* up, float* target, long first, long last) : IVectorKernel
    {
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            for (var i = first; i < last; i += S.Lanes)
            {
                var g = S.Load(gate + i);
                S.Store(target + i, S.Multiply(S.Multiply(g, Sigmoid.Of<S, V>(g)), S.Load(up + i)));
            }
        }
    }

    /// <summary>With σ = sigmoid(g): ∂/∂g = u σ (1 + g (1 − σ)), ∂/∂u = g σ.</summary>
    private readonly struct Backward(float* gate, float* up, float* dy, float* dGate, float* dUp, long first, long last) : IVectorKernel
    {
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            var one = S.Broadcast(1);
            for (var i = first; i < last; i += S.Lanes)
            {
                V g = S.Load(gate + i), d = S.Load(dy + i), sigma = Sigmoid.Of<S, V>(g);
                var slope = S.Multiply(sigma, S.MultiplyAdd(g, S.Subtract(one, sigma), one));
                S.Store(dGate + i, S.Multiply(S.Multiply(d, S.Load(up + i)), slope));
                S.Store(dUp + i, S.Multiply(d, S.Multiply(g, sigma)));
            }
        }
    }
}
