using System.Runtime.Intrinsics;
using CsCheck;
using FlowRL.Numerics;
using FlowRL.Numerics.Products;

namespace FlowRL.Tests.Numerics;

public sealed class ActivationTests
{
    [Fact]
    public void Silu_is_x_times_its_sigmoid() => Gen.Float[-60f, 60f].Sample(x =>
        Check(x, x / (1 + Math.Exp(-x)), Silu<Simd512, Vector512<float>>.Of(Vector512.Create(x))[0], Silu<Simd128, Vector128<float>>.Of(Vector128.Create(x))[0]));

    [Fact]
    public void Gelu_is_the_approximation_by_the_hyperbolic_tangent() => Gen.OneOf(Gen.Float[-30f, 30f], Gen.Float[-3f, 3f]).Sample(x =>
        Check(x, x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * Math.Pow(x, 3)))),
            GeluTanh<Simd512, Vector512<float>>.Of(Vector512.Create(x))[0], GeluTanh<Simd128, Vector128<float>>.Of(Vector128.Create(x))[0]));

    private static bool Check(float x, double exact, params float[] found) =>
        found.All(value => Math.Abs(value - exact) <= 1e-6 * (Math.Abs(exact) + Math.Min(1, Math.Abs(x))));
}
