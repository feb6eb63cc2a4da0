using System.Runtime.Intrinsics;

namespace FlowRL.Numerics;

/// <summary>The numerators of a softmax over one row of logits.</summary>
internal static unsafe class SoftmaxKernel
{
    // Registers summed in fp32 before the sum goes to double: short enough that nothing is lost.
    private const int SumBlock = 16;

    /// <summary>The largest number; NaN or infinite if that is the largest.</summary>
    public static float Largest(ReadOnlySpan<float> numbers)
    {
        if (Vector512.IsHardwareAccelerated) return Largest<Simd512, Vector512<float>>(numbers);
        return Vector256.IsHardwareAccelerated ? Largest<Simd256, Vector256<float>>(numbers) : Largest<Simd128, Vector128<float>>(numbers);
    }

    /// <summary>weights[i] = exp(scale · (logits[i] − largest)); returns their sum.</summary>
    public static double Weights(ReadOnlySpan<float> logits, float largest, float scale, Span<float> weights)
    {
        if (Vector512.IsHardwareAccelerated) return Weights<Simd512, Vector512<float>>(logits, largest, scale, weights);
        return Vector256.IsHardwareAccelerated ? Weights<Simd256, Vector256<float>>(logits, largest, scale, weights)
            : Weights<Simd128, Vector128<float>>(logits, largest, scale, weights);
    }

    private static float Largest<S, V>(ReadOnlySpan<float> numbers)
        where S : struct, ISimd<V>
        where V : struct
    {
        var largest = numbers[0];
        fixed (float* source = numbers)
        {
            var i = 0;
            if (numbers.Length >= S.Lanes)
            {
                var maxima = S.Load(source);
                for (i = S.Lanes; i + S.Lanes <= numbers.Length; i += S.Lanes) maxima = S.Max(maxima, S.Load(source + i));
                largest = S.Largest(maxima);
            }
            for (; i < numbers.Length; i++) largest = MathF.Max(largest, source[i]);
        }
        return largest;
    }

    private static double Weights<S, V>(ReadOnlySpan<float> logits, float largest, float scale, Span<float> weights)
        where S : struct, ISimd<V>
        where V : struct
    {
        var total = 0.0;
        fixed (float* source = logits, target = weights)
        {
            V factor = S.Broadcast(scale), offset = S.Broadcast(largest);
            var i = 0;
            while (i + S.Lanes <= logits.Length)
            {
                var sum = S.Broadcast(0);
                for (var block = 0; block < SumBlock && i + S.Lanes <= logits.Length; block++, i += S.Lanes)
                {
                    var weight = Exponential.Of<S, V>(S.Multiply(S.Subtract(S.Load(source + i), offset), factor));
                    S.Store(target + i, weight);
                    sum = S.Add(sum, weight);
                }
                total += S.Sum(sum);
            }
            for (; i < logits.Length; i++) total += target[i] = MathF.Exp((source[i] - largest) * scale);
        }
        return total;
    }
}
