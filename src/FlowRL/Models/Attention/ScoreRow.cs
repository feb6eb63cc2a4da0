using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowRL.Numerics;

namespace FlowRL.Models.Attention;

/// <summary>
/// What is done to one query's row of scores, of which the first columns may be hidden, fewer than a register holds, and those from some end on are.
/// </summary>
internal sealed unsafe class ScoreRow<S, V> : IDisposable
    where S : struct, ISimd<V>
    where V : struct
{
    private readonly float* _marks; // a register of ones, one of zeros, one of ones

    public ScoreRow()
    {
        _marks = (float*)NativeMemory.AlignedAlloc((nuint)(3 * S.Lanes * sizeof(float)), 64);
        for (var i = 0; i < 3 * S.Lanes; i++) _marks[i] = i / S.Lanes == 1 ? 0 : 1;
    }

    public void Dispose() => NativeMemory.AlignedFree(_marks);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RoundUp(int count) => (count + S.Lanes - 1) / S.Lanes * S.Lanes;

    /// <summary>Scores become exp(score − largest) from <paramref name="hidden"/> to <paramref name="visible"/>, and zeros elsewhere.</summary>
    /// <param name="scores">The row.</param>
    /// <param name="hidden">Columns at its beginning that are not seen.</param>
    /// <param name="visible">The column after the last that is seen.</param>
    /// <param name="end">The column after the last that a tile reads.</param>
    public (float Largest, float Sum) Exponentiate(float* scores, int hidden, int visible, int end)
    {
        var last = RoundUp(visible) - S.Lanes;
        V seen = S.Load(_marks + last + S.Lanes - visible), begins = S.Load(_marks + 2 * S.Lanes - hidden);
        if (hidden > 0 && last == 0) seen = S.Multiply(seen, begins);
        // Scores that are not seen become one that is: no larger than the largest.
        var first = S.Broadcast(scores[hidden]);
        var tail = S.Add(first, S.Multiply(seen, S.Subtract(S.Load(scores + last), first)));
        var head = tail;
        if (hidden > 0 && last > 0) head = S.Add(first, S.Multiply(begins, S.Subtract(S.Load(scores), first)));
        var from = hidden > 0 && last > 0 ? S.Lanes : 0;
        var maxima = S.Max(tail, head);
        for (var t = from; t < last; t += S.Lanes) maxima = S.Max(maxima, S.Load(scores + t));
        var largest = S.Largest(maxima);
        var offset = S.Broadcast(largest);
        var sum = S.Multiply(seen, Exponential.Of<S, V>(S.Subtract(tail, offset)));
        S.Store(scores + last, sum);
        if (from > 0)
        {
            var weight = S.Multiply(begins, Exponential.Of<S, V>(S.Subtract(head, offset)));
            S.Store(scores, weight);
            sum = S.Add(sum, weight);
        }
        for (var t = from; t < last; t += S.Lanes)
        {
            var weight = Exponential.Of<S, V>(S.Subtract(S.Load(scores + t), offset));
            S.Store(scores + t, weight);
            sum = S.Add(sum, weight);
        }
        ClearEnd(scores, visible, end);
        return (largest, S.Sum(sum));
    }

    /// <summary>Scores become weights, the weights' gradients those of the scores; zeros elsewhere. Returns Σ weight · gradient.</summary>
    /// <inheritdoc cref="Exponentiate"/>
    public float Differentiate(float* scores, float* gradients, float logSum, int hidden, int visible, int end)
    {
        var last = RoundUp(visible) - S.Lanes;
        V seen = S.Load(_marks + last + S.Lanes - visible), begins = S.Load(_marks + 2 * S.Lanes - hidden);
        if (hidden > 0 && last == 0) seen = S.Multiply(seen, begins);
        var offset = S.Broadcast(logSum);
        var tail = S.Multiply(seen, Exponential.Of<S, V>(S.Subtract(S.Load(scores + last), offset)));
        S.Store(scores + last, tail);
        var sum = S.Multiply(tail, S.Load(gradients + last));
        var from = 0;
        if (hidden > 0 && last > 0)
        {
            var weight = S.Multiply(begins, Exponential.Of<S, V>(S.Subtract(S.Load(scores), offset)));
            S.Store(scores, weight);
            sum = S.MultiplyAdd(weight, S.Load(gradients), sum);
            from = S.Lanes;
        }
        for (var t = from; t < last; t += S.Lanes)
        {
            var weight = Exponential.Of<S, V>(S.Subtract(S.Load(scores + t), offset));
            S.Store(scores + t, weight);
            sum = S.MultiplyAdd(weight, S.Load(gradients + t), sum);
        }
        var total = S.Sum(sum);
        var mean = S.Broadcast(total);
        for (var t = 0; t <= last; t += S.Lanes)
        {
            S.Store(gradients + t, S.Multiply(S.Load(scores + t), S.Subtract(S.Load(gradients + t), mean)));
        }
        ClearEnd(scores, visible, end);
        ClearEnd(gradients, visible, end);
        return total;
    }

    /// <summary>Scores become c · tanh(score / c) up to <paramref name="visible"/>, and <paramref name="slopes"/> what that is differentiated.</summary>
    public static void Cap(float* scores, float* slopes, float cap, int visible)
    {
        V limit = S.Broadcast(cap), inverse = S.Broadcast(1 / cap), one = S.Broadcast(1);
        for (var t = 0; t < visible; t += S.Lanes)
        {
            var bent = HyperbolicTangent.Of<S, V>(S.Multiply(inverse, S.Load(scores + t)));
            S.Store(scores + t, S.Multiply(limit, bent));
            S.Store(slopes + t, S.Subtract(one, S.Multiply(bent, bent)));
        }
    }

    /// <summary>Gradients of capped scores become those of the scores.</summary>
    public static void Uncap(float* gradients, float* slopes, int visible)
    {
        for (var t = 0; t < visible; t += S.Lanes) S.Store(gradients + t, S.Multiply(S.Load(slopes + t), S.Load(gradients + t)));
    }

    private static void ClearEnd(float* scores, int visible, int end)
    {
        for (var t = RoundUp(visible); t < end; t += S.Lanes) S.Store(scores + t, S.Broadcast(0));
    }
}
