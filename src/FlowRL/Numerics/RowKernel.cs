using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

/// <summary>What is done to one row or head between matrix products.</summary>
internal static unsafe class RowKernel<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    /// <summary>x / √(mean(x²) + ε) · weight (arXiv 1910.07467); source and target may be the same.</summary>
    public static void Normalize(float* source, float* weight, float epsilon, int width, float* target)
    {
        V sum = S.Broadcast(0), other = sum;
        var i = 0;
        for (; i + 2 * S.Lanes <= width; i += 2 * S.Lanes)
        {
            V x = S.Load(source + i), y = S.Load(source + i + S.Lanes);
            sum = S.MultiplyAdd(x, x, sum);
            other = S.MultiplyAdd(y, y, other);
        }
        var squares = S.Sum(S.Add(sum, other));
        for (; i < width; i++) squares += source[i] * source[i];
        var inverse = 1 / MathF.Sqrt(squares / width + epsilon);
        var factor = S.Broadcast(inverse);
        for (i = 0; i + S.Lanes <= width; i += S.Lanes) S.Store(target + i, S.Multiply(S.Multiply(S.Load(source + i), factor), S.Load(weight + i)));
        for (; i < width; i++) target[i] = source[i] * inverse * weight[i];
    }

    /// <summary>Turns the pairs (i, i + width/2) of a head in place by the angles whose cosines and sines are given.</summary>
    public static void Rotate(float* head, float* cos, float* sin, int width)
    {
        var half = width / 2;
        for (var i = 0; i < half; i += S.Lanes)
        {
            V a = S.Load(head + i), b = S.Load(head + half + i), c = S.Load(cos + i), s = S.Load(sin + i);
            S.Store(head + i, S.Subtract(S.Multiply(a, c), S.Multiply(b, s)));
            S.Store(head + half + i, S.MultiplyAdd(b, c, S.Multiply(a, s)));
        }
    }
}
