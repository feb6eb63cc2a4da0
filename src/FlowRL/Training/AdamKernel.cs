using FlowRL.Numerics;
using FlowRL.Numerics.Threads;
using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>An <see cref="AdamUpdate"/> in one pass over memory: seven numbers moved a weight, where operation by operation moves twenty.</summary>
internal readonly unsafe struct AdamKernel(AdamUpdate update, float* weight, float* gradient, float* first, float* second, long count) : IVectorKernel
{
    private const int Block = 1 << 14;

    /// <summary>All fp32, contiguous, on the CPU.</summary>
    public static void Apply(AdamUpdate update, Tensor weight, Tensor gradient, Tensor first, Tensor second)
    {
        using var dense = gradient.contiguous();
        nint w = (nint)TensorMemory.Floats(weight), g = (nint)TensorMemory.Floats(dense);
        nint m = (nint)TensorMemory.Floats(first), v = (nint)TensorMemory.Floats(second);
        var count = weight.numel();
        OpenMp.For((int)((count + Block - 1) / Block), (from, to, _) =>
        {
            long start = (long)from * Block, end = Math.Min(count, (long)to * Block);
            Vectors.Run(new AdamKernel(update, (float*)w + start, (float*)g + start, (float*)m + start, (float*)v + start, end - start), Vectors.Widest);
        });
    }

    public void Run<S, V>()
        where S : struct, ISimd<V>
        where V : struct
    {
        var (beta1, beta2) = ((float)update.Beta1, (float)update.Beta2);
        var (fresh1, fresh2) = ((float)(1 - update.Beta1), (float)(1 - update.Beta2));
        var (scale, kept, step) = ((float)update.GradientScale, (float)update.Kept, (float)update.StepSize);
        var (root, epsilon) = ((float)update.RootScale, (float)update.Epsilon);
        long i = 0;
        for (; i + S.Lanes <= count; i += S.Lanes)
        {
            var g = S.Multiply(S.Load(gradient + i), S.Broadcast(scale));
            var m = S.MultiplyAdd(S.Broadcast(beta1), S.Load(first + i), S.Multiply(S.Broadcast(fresh1), g));
            var v = S.MultiplyAdd(S.Broadcast(beta2), S.Load(second + i), S.Multiply(S.Broadcast(fresh2), S.Multiply(g, g)));
            var denominator = S.MultiplyAdd(S.SquareRoot(v), S.Broadcast(root), S.Broadcast(epsilon));
            var moved = S.Divide(S.Multiply(S.Broadcast(-step), m), denominator);
            S.Store(first + i, m);
            S.Store(second + i, v);
            S.Store(weight + i, S.MultiplyAdd(S.Broadcast(kept), S.Load(weight + i), moved));
        }
        for (; i < count; i++)
        {
            var g = gradient[i] * scale;
            first[i] = beta1 * first[i] + fresh1 * g;
            second[i] = beta2 * second[i] + fresh2 * g * g;
            weight[i] = kept * weight[i] - step * first[i] / (MathF.Sqrt(second[i]) * root + epsilon);
        }
    }
}

/// <summary>
/// One AdamW step of one weight (arXiv 1711.05101, algorithm 2), with the constants of step t folded:
/// <code>
/// m ← β₁ m + (1 − β₁) g      v ← β₂ v + (1 − β₂) g²
/// w ← (1 − η λ) w − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
/// </code>
/// </summary>
internal readonly struct AdamUpdate(OptimizerOptions options, long steps, double rate, double decay, double gradientScale)
{
    public double Beta1 => options.Beta1;

    public double Beta2 => options.Beta2;

    public double Epsilon => options.Epsilon;

    /// <summary>What the gradient is multiplied by.</summary>
    public double GradientScale => gradientScale;

    /// <summary>1 − η λ.</summary>
    public double Kept { get; } = 1 - rate * decay;

    /// <summary>η / (1 − β₁ᵗ).</summary>
    public double StepSize { get; } = rate / (1 - Math.Pow(options.Beta1, steps));

    /// <summary>1 / √(1 − β₂ᵗ).</summary>
    public double RootScale { get; } = 1 / Math.Sqrt(1 - Math.Pow(options.Beta2, steps));

    /// <summary>In tensor operations, on any device; all fp32.</summary>
    public void Apply(Tensor weight, Tensor gradient, Tensor first, Tensor second)
    {
        if (Kept != 1) weight.mul_(Scalars.Of(Kept));
        if (GradientScale != 1) gradient = gradient * Scalars.Of(GradientScale);
        first.mul_(Scalars.Of(Beta1)).add_(gradient, Scalars.Of(1 - Beta1));
        second.mul_(Scalars.Of(Beta2)).addcmul_(gradient, gradient, Scalars.Of(1 - Beta2));
        weight.addcdiv_(first, second.sqrt().mul_(Scalars.Of(RootScale)).PlusInPlace(Epsilon), Scalars.Of(-StepSize));
    }
}
