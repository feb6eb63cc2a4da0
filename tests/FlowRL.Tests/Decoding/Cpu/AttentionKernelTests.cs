using System.Runtime.Intrinsics;
using CsCheck;
using FlowRL.Decoding.Cpu;
using FlowRL.Numerics;

namespace FlowRL.Tests.Decoding.Cpu;

public sealed unsafe class AttentionKernelTests
{
    [Fact]
    public void Weights_are_those_of_the_formula_with_a_cap_and_a_sink_or_without() =>
        Gen.Select(Gen.Float[-30, 30].Array[1, 90], Gen.Float[0.05f, 2], Gen.Float[1, 20], Gen.Float[-10, 10], Gen.Bool, Gen.Bool)
            .Sample((scores, scale, cap, sink, hasCap, hasSink) =>
            {
                Check<Simd512, Vector512<float>>(scores, scale, hasCap ? cap : null, hasSink ? sink : null);
                Check<Simd256, Vector256<float>>(scores, scale, hasCap ? cap : null, hasSink ? sink : null);
                Check<Simd128, Vector128<float>>(scores, scale, hasCap ? cap : null, hasSink ? sink : null);
            });

    private static void Check<S, V>(float[] scores, float scale, float? cap, float? sink)
        where S : struct, ISimd<V>
        where V : struct
    {
        var expected = scores.Select(score => cap is { } c ? c * Math.Tanh(scale * (double)score / c) : scale * (double)score).ToList();
        var largest = Math.Max(expected.Max(), sink ?? double.NegativeInfinity);
        var sum = expected.Sum(score => Math.Exp(score - largest)) + (sink is { } s ? Math.Exp(s - largest) : 0);
        var padded = new float[scores.Length + S.Lanes];
        scores.CopyTo(padded, 0);
        fixed (float* row = padded)
        {
            if (cap is { } height) RowKernel<S, V>.Cap(row, scores.Length, scale, height);
            var found = AttentionKernel<S, V, Float32Storage>.Exponentiate(row, scores.Length, cap is null ? scale : 1, sink ?? float.NegativeInfinity);
            for (var i = 0; i < scores.Length; i++) Assert.Equal(Math.Exp(expected[i] - largest) / sum, row[i] / found, 2e-5);
        }
    }
}
