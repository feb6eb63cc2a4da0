using System.Numerics;
using CsCheck;
using FlowRL.Tasks.Countdown;

namespace FlowRL.Tests.Tasks.Countdown;

public sealed class Rational64Tests
{
    private static readonly Gen<Rational64> Fractions = Gen.Select(Gen.Long, Gen.Long)
        .Select((a, b) => (Math.Max(a, -long.MaxValue), b is 0 or long.MinValue ? 1 : b))
        .Select((a, b) => Rational64.Apply('/', new Rational64(a), new Rational64(b))!.Value);

    private static readonly Gen<Rational64> Small = Gen.Select(Gen.Long[-50, 50], Gen.Long[1, 50])
        .Select((a, b) => Rational64.Apply('/', new Rational64(a), new Rational64(b))!.Value);

    [Fact]
    public void Arithmetic_equals_that_of_unbounded_integers_or_is_refused() =>
        Gen.Select(Gen.Char["+-*/"], Gen.OneOf(Small, Fractions), Gen.OneOf(Small, Fractions)).Sample((symbol, left, right) =>
        {
            BigInteger a = left.Numerator, b = left.Denominator, c = right.Numerator, d = right.Denominator;
            var (numerator, denominator) = symbol switch
            {
                '+' => (a * d + c * b, b * d),
                '-' => (a * d - c * b, b * d),
                '*' => (a * c, b * d),
                _ => (a * d, b * c),
            };
            var result = Rational64.Apply(symbol, left, right);
            if (denominator.IsZero)
            {
                Assert.Null(result);
                return;
            }
            var common = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
            (numerator, denominator) = (numerator / common, denominator / common);
            var fits = BigInteger.Abs(numerator) <= long.MaxValue && denominator <= long.MaxValue;
            Assert.Equal(fits, result is not null);
            if (!fits) return;
            Assert.Equal(numerator, result!.Value.Numerator);
            Assert.Equal(denominator, result.Value.Denominator);
        });
}
