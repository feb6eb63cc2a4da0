using System.Globalization;
using System.Numerics;

namespace FlowRL.Tasks.Countdown;

/// <summary>An exact fraction in lowest terms with a positive denominator; both fit 64 bits.</summary>
internal readonly record struct Rational64
{
    private Rational64(long numerator, long denominator)
    {
        Numerator = numerator;
        Denominator = denominator;
    }

    public Rational64(long integer) : this(integer, 1) { }

    public long Numerator { get; }

    public long Denominator { get; }

    public bool IsInteger => Denominator == 1;

    /// <summary>An integer of zero or more.</summary>
    public bool IsNatural => Denominator == 1 && Numerator >= 0;

    /// <summary>The one notation of the value in a step: <c>12</c>, <c>-2</c>, <c>(3/2)</c>, <c>(-3/2)</c>.</summary>
    public string Notation => IsInteger
        ? Numerator.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"({Numerator}/{Denominator})");

    /// <summary><paramref name="left"/> <paramref name="symbol"/> <paramref name="right"/>; null for a division by zero and for a
    /// result beyond 64 bits.</summary>
    public static Rational64? Apply(char symbol, Rational64 left, Rational64 right)
    {
        Int128 a = left.Numerator, b = left.Denominator, c = right.Numerator, d = right.Denominator;
        if (b == 1 && d == 1 && symbol != '/') return Integer(Integers(symbol, a, c));
        return symbol switch
        {
            '+' => Reduce(a * d + c * b, b * d),
            '-' => Reduce(a * d - c * b, b * d),
            '*' => Reduce(a * c, b * d),
            '/' => Reduce(a * d, b * c),
            _ => throw new ArgumentOutOfRangeException(nameof(symbol), symbol, "Not one of + - * /."),
        };
    }

    public override string ToString() => Notation;

    private static Int128 Integers(char symbol, Int128 a, Int128 c) => symbol switch
    {
        '+' => a + c,
        '-' => a - c,
        '*' => a * c,
        _ => throw new ArgumentOutOfRangeException(nameof(symbol), symbol, "Not one of + - * /."),
    };

    private static Rational64? Integer(Int128 value) => Fits(value) ? new Rational64((long)value, 1) : null;

    // The products of two 64-bit numbers fit 127 bits and their sum fits 128, so nothing before this can overflow.
    private static Rational64? Reduce(Int128 numerator, Int128 denominator)
    {
        if (denominator == 0) return null;
        var sign = denominator < 0 ? -1 : 1;
        if (Fits(numerator) && Fits(denominator))
        {
            var common = (long)BigInteger.GreatestCommonDivisor((long)numerator, (long)denominator);
            return new Rational64(sign * (long)numerator / common, sign * (long)denominator / common);
        }
        var divisor = (Int128)BigInteger.GreatestCommonDivisor(numerator, denominator);
        (numerator, denominator) = (sign * (numerator / divisor), sign * (denominator / divisor));
        return Fits(numerator) && Fits(denominator) ? new Rational64((long)numerator, (long)denominator) : null;
    }

    // Symmetric, so that a negation always fits.
    private static bool Fits(Int128 value) => value >= -long.MaxValue && value <= long.MaxValue;
}
