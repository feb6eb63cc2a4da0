using FlowRL.Models.Functions;
using FlowRL.Numerics;
using FlowRL.Numerics.Threads;
using static TorchSharp.torch;

namespace FlowRL.Models.Attention;

/// <summary>
/// Causal softmax attention by a layer's rule within each of several packed sequences, forward and backward, without padding, mask, or copies of
/// shared prompts and key heads. Of the weights only the logarithm of each sum is kept; backward computes them again (arXiv 2205.14135).
/// </summary>
/// <remarks>N tokens, H heads, Hkv key heads, Dh head width.</remarks>
internal sealed unsafe class FusedAttention : autograd.SingleTensorFunction<FusedAttention>
{
    public override string Name => nameof(FusedAttention);

    /// <summary>Whether this applies: else the tensor operations do.</summary>
    public static bool Fits(Tensor q) => TensorMemory.IsReachable(q);

    /// <param name="q">(N, H, Dh) fp32.</param>
    /// <param name="k">(N, Hkv, Dh) fp32.</param>
    /// <param name="v">(N, Hkv, Dh) fp32.</param>
    /// <param name="pack">Where each sequence lies.</param>
    /// <param name="rule">What queries see.</param>
    /// <param name="sinks">(H) fp32; null where the rule has none.</param>
    /// <returns>(N, H · Dh).</returns>
    public static Tensor Apply(Tensor q, Tensor k, Tensor v, PackedSequences pack, AttentionRule rule, Tensor? sinks) => apply(q, k, v,
        new AttentionShape((int)q.shape[1], (int)k.shape[1], (int)q.shape[2], rule, pack.Families), sinks!);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (shape, sinks) = ((AttentionShape)vars[3], (Tensor?)vars[4]);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (q, k, v) = (((Tensor)vars[0]).contiguous(), ((Tensor)vars[1]).contiguous(), ((Tensor)vars[2]).contiguous());
        var output = empty(q.shape[0], shape.Heads * shape.Width);
        var logSums = empty(q.shape[0], shape.Heads);
        nint qp = (nint)TensorMemory.Floats(q), kp = (nint)TensorMemory.Floats(k), vp = (nint)TensorMemory.Floats(v);
        nint op = (nint)TensorMemory.Floats(output), lp = (nint)TensorMemory.Floats(logSums), sp = sinks is null ? 0 : (nint)TensorMemory.Floats(sinks);
        OpenMp.For(shape.Items, (first, last, _) => Vectors.Run(
            new Forward(shape, (float*)qp, (float*)kp, (float*)vp, (float*)sp, (float*)op, (float*)lp, first, last), shape.Lanes));
        List<Tensor> saved = [(Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], logSums.MoveToOuterDisposeScope()];
        ctx.save_for_backward(sinks is null ? saved : [.. saved, sinks]);
        ctx.save_data(nameof(shape), shape);
        return output.MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var pass = new BackwardPass(ctx, grad_output);
        var (shape, saved) = ((AttentionShape)ctx.get_data("shape"), pass.Saved);
        var (q, k, v, gradient) = (saved[0].contiguous(), saved[1].contiguous(), saved[2].contiguous(), pass.Gradient);
        var sinks = saved.Count > 4 ? saved[4] : null;
        Tensor dq = empty_like(q), dk = empty_like(k), dv = empty_like(v), dSinks = zeros(shape.Families.Count, shape.Heads); // added in order
        nint qp = (nint)TensorMemory.Floats(q), kp = (nint)TensorMemory.Floats(k), vp = (nint)TensorMemory.Floats(v);
        nint lp = (nint)TensorMemory.Floats(saved[3]), gp = (nint)TensorMemory.Floats(gradient);
        nint sp = sinks is null ? 0 : (nint)TensorMemory.Floats(sinks), dsp = (nint)TensorMemory.Floats(dSinks);
        nint dqp = (nint)TensorMemory.Floats(dq), dkp = (nint)TensorMemory.Floats(dk), dvp = (nint)TensorMemory.Floats(dv);
        OpenMp.For(shape.Items, (first, last, _) => Vectors.Run(new Backward(shape, (float*)qp, (float*)kp, (float*)vp, (float*)sp, (float*)lp, (float*)gp,
            (float*)dqp, (float*)dkp, (float*)dvp, (float*)dsp, first, last), shape.Lanes));
        return pass.Give(dq, dk, dv, null!, sinks is null ? null! : dSinks.sum([0L]));
    }

    private readonly struct Forward(AttentionShape shape, float* q, float* k, float* v, float* sinks, float* output, float* logSums, int first, int last)
        : IVectorKernel
    {
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            using var block = new AttentionBlock<S, V>(shape, withGradient: false);
            for (var item = first; item < last; item++) block.Forward(item, q, k, v, sinks, output, logSums);
        }
    }

    private readonly struct Backward(
        AttentionShape shape, float* q, float* k, float* v, float* sinks, float* logSums, float* gradient, float* dq, float* dk, float* dv, float* dSinks,
        int first, int last) : IVectorKernel
    {
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            using var block = new AttentionBlock<S, V>(shape, withGradient: true);
            for (var item = first; item < last; item++) block.Backward(item, q, k, v, sinks, logSums, gradient, dq, dk, dv, dSinks);
        }
    }
}

/// <summary>Sizes of one attention, and where its sequences lie.</summary>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyHeads">Key and value heads; each serves as many query heads.</param>
/// <param name="Width">Numbers of a head.</param>
/// <param name="Rule">What queries see.</param>
/// <param name="Families">The sequences.</param>
internal sealed record AttentionShape(int Heads, int KeyHeads, int Width, AttentionRule Rule, IReadOnlyList<SequenceFamily> Families)
{
    /// <summary>Pieces of work that touch no common memory: a key head of a family each.</summary>
    public int Items => Families.Count * KeyHeads;

    /// <summary>Tokens of the longest sequence.</summary>
    public int Longest { get; } = Families.Max(family => family.Longest);

    /// <summary>Lanes of the registers to compute in: heads that fill none are padded to the widest.</summary>
    public int Lanes { get; } = Vectors.Lanes(Width) is var lanes and > 0 ? lanes : Vectors.Widest;
}
