using System.Runtime.Intrinsics;
using CsCheck;
using FlowRL.Numerics;
using FlowRL.Numerics.Products;

namespace FlowRL.Tests.Decoding;

public sealed unsafe class KernelTests
{
    [Fact]
    public void BF16_storage_rounds_to_nearest_with_ties_to_even() => Gen.Float[-1e30f, 1e30f].Array[32].Sample(values =>
    {
        var stored = stackalloc byte[64];
        fixed (float* source = values)
        {
            BFloat16Storage.StorePair<Simd512, Vector512<float>>(stored, Vector512.Load(source), Vector512.Load(source + 16));
        }
        BFloat16Storage.LoadPair<Simd512, Vector512<float>>(stored, out var first, out var second);
        return values[..16].Select((x, i) => first[i] == Rounded(x)).All(same => same)
            && values[16..].Select((x, i) => second[i] == Rounded(x)).All(same => same);
    });

    [Fact]
    public void A_product_equals_the_sum_over_inputs_for_any_shape() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 150], Gen.Select(Gen.Int[1, 40], Gen.Int[1000, 2100]), Gen.Bool).Sample((rows, outputs, inputs, isLong) =>
        {
            var depth = isLong ? inputs.Item2 : inputs.Item1;
            Check<Simd512, Vector512<float>>(rows, outputs, depth);
            Check<Simd256, Vector256<float>>(rows, outputs, depth);
        }, iter: 30);

    private static void Check<S, V>(int rows, int outputs, int inputs)
        where S : struct, ISimd<V>
        where V : struct
    {
        var random = new Random(rows * 1000 + outputs);
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
        var (x, w, b) = (Numbers(rows * inputs), Numbers(outputs * inputs), Numbers(outputs));
        using var packed = new PackedMatrix<S, V, Float32Storage>(outputs, inputs);
        var width = PackedMatrix<S, V, Float32Storage>.Width;
        var stride = packed.Panels * width;
        var (y, partial) = (new float[rows * stride], new float[rows * width]);
        fixed (float* input = x, weights = w, output = y, scratch = partial)
        {
            var memory = weights;
            for (var p = 0; p < packed.Panels; p++)
            {
                var first = p * width;
                packed.Fill(p, i => first + i < outputs ? memory + (first + i) * inputs : null, i => first + i < outputs ? b[first + i] : 0);
            }
            MatrixProduct<S, V, Float32Storage>.Run<Assign<S, V>>(input, inputs, rows, packed, 0, packed.Panels, output, stride, scratch);
        }
        for (var row = 0; row < rows; row++)
        {
            for (var n = 0; n < outputs; n++)
            {
                var exact = (double)b[n];
                for (var k = 0; k < inputs; k++) exact += (double)x[row * inputs + k] * w[n * inputs + k];
                Assert.Equal(exact, y[row * stride + n], 1e-4);
            }
        }
    }

    private static float Rounded(float x)
    {
        var bits = BitConverter.SingleToUInt32Bits(x);
        var low = bits & 0xffff;
        var high = bits >> 16;
        if (low > 0x8000 || (low == 0x8000 && (high & 1) == 1)) high++;
        return BitConverter.UInt32BitsToSingle(high << 16);
    }
}
