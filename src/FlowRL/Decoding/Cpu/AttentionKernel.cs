using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

/// <summary>Softmax attention of one query over keys and values that lie in one or two runs. Head widths are multiples of two registers.</summary>
internal static unsafe class AttentionKernel<S, V, C>
    where S : struct, ISimd<V>
    where V : struct
    where C : struct, IStorage
{
    /// <summary>scores[t] = q · keys[t]. Meanwhile asks for as many keys at <paramref name="next"/>, unless null.</summary>
    public static void Score(float* query, int headWidth, byte* keys, int count, float* scores, byte* next)
    {
        var stride = headWidth * C.Bytes;
        var pair = 2 * S.Lanes;
        var t = 0;
        for (; t + 4 <= count; t += 4, keys += 4 * stride)
        {
            if (next != null) Prefetch.Near(next + t * stride, 4 * stride);
            V s0 = S.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
            for (var d = 0; d < headWidth; d += pair)
            {
                V q = S.Load(query + d), r = S.Load(query + d + S.Lanes);
                var at = keys + d * C.Bytes;
                C.LoadPair<S, V>(at, out var a, out var b);
                s0 = S.MultiplyAdd(r, b, S.MultiplyAdd(q, a, s0));
                C.LoadPair<S, V>(at + stride, out a, out b);
                s1 = S.MultiplyAdd(r, b, S.MultiplyAdd(q, a, s1));
                C.LoadPair<S, V>(at + 2 * stride, out a, out b);
                s2 = S.MultiplyAdd(r, b, S.MultiplyAdd(q, a, s2));
                C.LoadPair<S, V>(at + 3 * stride, out a, out b);
                s3 = S.MultiplyAdd(r, b, S.MultiplyAdd(q, a, s3));
            }
            S.Sums(s0, s1, s2, s3).Store(scores + t);
        }
        for (; t < count; t++, keys += stride)
        {
            var sum = S.Broadcast(0);
            for (var d = 0; d < headWidth; d += pair)
            {
                C.LoadPair<S, V>(keys + d * C.Bytes, out var a, out var b);
                sum = S.MultiplyAdd(S.Load(query + d + S.Lanes), b, S.MultiplyAdd(S.Load(query + d), a, sum));
            }
            scores[t] = S.Sum(sum);
        }
    }

    /// <summary>Turns scores into exp(scale · score − largest) in place; returns their sum, with that of the <paramref name="sink"/>.</summary>
    /// <param name="scores">The row.</param>
    /// <param name="count">Scores in it.</param>
    /// <param name="scale">Above 0.</param>
    /// <param name="sink">One more score, which is not scaled; −∞ for none.</param>
    public static float Exponentiate(float* scores, int count, float scale, float sink)
    {
        // Whole registers: what is past the end gets the lowest score, and its e^-87 is lost in the sum.
        var padded = (count + S.Lanes - 1) / S.Lanes * S.Lanes;
        for (var t = count; t < padded; t++) scores[t] = float.MinValue;
        var maxima = S.Load(scores);
        for (var t = S.Lanes; t < padded; t += S.Lanes) maxima = S.Max(maxima, S.Load(scores + t));
        var largest = MathF.Max(S.Largest(maxima) * scale, sink);
        V sum = S.Broadcast(0), offset = S.Broadcast(-largest), factor = S.Broadcast(scale);
        for (var t = 0; t < padded; t += S.Lanes)
        {
            var weight = Exponential.Of<S, V>(S.MultiplyAdd(S.Load(scores + t), factor, offset));
            S.Store(scores + t, weight);
            sum = S.Add(sum, weight);
        }
        return S.Sum(sum) + (sink > float.NegativeInfinity ? MathF.Exp(sink - largest) : 0);
    }

    /// <summary>
    /// output += Σ weights[t] · values[t], times <paramref name="factor"/> at the end. Meanwhile asks for as many values at
    /// <paramref name="next"/>, unless null.
    /// </summary>
    public static void Combine(float* weights, int headWidth, byte* values, int count, float factor, float* output, byte* next)
    {
        var stride = headWidth * C.Bytes;
        for (var d = 0; d < headWidth; d += 2 * S.Lanes)
        {
            var at = values + d * C.Bytes;
            V a0 = S.Load(output + d), b0 = S.Load(output + d + S.Lanes);
            V a1 = S.Broadcast(0), b1 = a1, a2 = a1, b2 = a1, a3 = a1, b3 = a1;
            var t = 0;
            for (; t + 4 <= count; t += 4, at += 4 * stride)
            {
                if (next != null && d == 0) Prefetch.Near(next + t * stride, 4 * stride);
                Accumulate(at, weights[t], ref a0, ref b0);
                Accumulate(at + stride, weights[t + 1], ref a1, ref b1);
                Accumulate(at + 2 * stride, weights[t + 2], ref a2, ref b2);
                Accumulate(at + 3 * stride, weights[t + 3], ref a3, ref b3);
            }
            for (; t < count; t++, at += stride) Accumulate(at, weights[t], ref a0, ref b0);
            var f = S.Broadcast(factor);
            S.Store(output + d, S.Multiply(f, S.Add(S.Add(a0, a1), S.Add(a2, a3))));
            S.Store(output + d + S.Lanes, S.Multiply(f, S.Add(S.Add(b0, b1), S.Add(b2, b3))));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(byte* value, float weight, ref V a, ref V b)
    {
        C.LoadPair<S, V>(value, out var first, out var second);
        var w = S.Broadcast(weight);
        a = S.MultiplyAdd(w, first, a);
        b = S.MultiplyAdd(w, second, b);
    }
}
