using System.Runtime.Intrinsics;
using CsCheck;
using FlowRL.Numerics;

namespace FlowRL.Tests.Numerics;

public sealed class ExponentialTests
{
    [Fact]
    public void The_exponential_is_exact_to_two_units_in_the_last_place() => Gen.Float[-87f, 88f].Sample(x =>
    {
        var exact = Math.Exp(x);
        return Math.Abs(Exponential.Of<Simd512, Vector512<float>>(Vector512.Create(x))[0] - exact) <= 2.4e-7 * exact
            && Math.Abs(Exponential.Of<Simd128, Vector128<float>>(Vector128.Create(x))[0] - exact) <= 2.4e-7 * exact;
    });

    [Fact]
    public void The_hyperbolic_tangent_is_exact_to_a_few_units_in_the_last_place() =>
        Gen.OneOf(Gen.Float[-20f, 20f], Gen.Float[-1f, 1f], Gen.Float[-1e-4f, 1e-4f]).Sample(x =>
        {
            var exact = Math.Tanh(x);
            return Math.Abs(HyperbolicTangent.Of<Simd512, Vector512<float>>(Vector512.Create(x))[0] - exact) <= 6e-7 * Math.Abs(exact)
                && Math.Abs(HyperbolicTangent.Of<Simd128, Vector128<float>>(Vector128.Create(x))[0] - exact) <= 6e-7 * Math.Abs(exact);
        });

    [Theory]
    [InlineData(float.MinValue, 1.6e-38)]
    [InlineData(float.NegativeInfinity, 1.6e-38)]
    [InlineData(1000f, 1.6e38)]
    public void Beyond_its_range_the_exponential_stays_normal_and_finite(float x, double limit) =>
        Assert.InRange(Exponential.Of<Simd512, Vector512<float>>(Vector512.Create(x))[0] / limit, 0.9, 1.1);
}
