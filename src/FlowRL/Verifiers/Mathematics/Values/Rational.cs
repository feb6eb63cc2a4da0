using System.Globalization;
using System.Numerics;

namespace FlowRL.Verifiers.Mathematics.Values;

/// <summary>
/// An exact fraction in lowest terms with a positive denominator. Operations give null where the result would be too large to be worth it.
/// </summary>
internal readonly record struct Rational
{
    private const long MostBits = 1 << 13;

    private Rational(BigInteger numerator, BigInteger denominator) => (Numerator, Denominator) = (numerator, denominator);

    public Rational(BigInteger value) : this(value, BigInteger.One) { }

    public BigInteger Numerator { get; }

    public BigInteger Denominator { get; }

    public bool IsZero => Numerator.IsZero;

    public bool IsInteger => Denominator.IsOne;

    public int Sign => Numerator.Sign;

    public static Rational? Of(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero) return null;
        if (numerator.GetBitLength() > MostBits || denominator.GetBitLength() > MostBits) return null;
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator);
        if (denominator.Sign < 0) common = -common;
        return new Rational(numerator / common, denominator / common);
    }

    /// <summary>A decimal as it is written: digits with at most one point.</summary>
    public static Rational? Parse(ReadOnlySpan<char> digits)
    {
        var point = digits.IndexOf('.');
        var places = point < 0 ? 0 : digits.Length - point - 1;
        if (digits.Length > 2000) return null;
        var whole = point < 0 ? digits : string.Concat(digits[..point], digits[(point + 1)..]);
        return BigInteger.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? Of(value, BigInteger.Pow(10, places)) : null;
    }

    public static Rational? Add(Rational a, Rational b) =>
        Of(a.Numerator * b.Denominator + b.Numerator * a.Denominator, a.Denominator * b.Denominator);

    public static Rational? Multiply(Rational a, Rational b) => Of(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static Rational? Invert(Rational a) => Of(a.Denominator, a.Numerator);

    public static Rational? Power(Rational a, Rational exponent)
    {
        if (exponent.IsInteger) return IntegerPower(a, exponent.Numerator);
        // A root that comes out even: (8/27)^(2/3) = 4/9. Odd roots of negative numbers are negative.
        if (exponent.Denominator > 64 || (a.Sign < 0 && exponent.Denominator.IsEven)) return null;
        if (a.Sign < 0) return Power(-a, exponent) is { } size ? exponent.Numerator.IsEven ? size : -size : null;
        var degree = (int)exponent.Denominator;
        return Root(a.Numerator, degree) is { } top && Root(a.Denominator, degree) is { } bottom && Of(top, bottom) is { } root
            ? IntegerPower(root, exponent.Numerator) : null;
    }

    public double ToDouble()
    {
        // Shifted to 64 significant bits each, so that large terms do not overflow on the way.
        var shift = (int)Math.Max(0, Math.Max(Numerator.GetBitLength(), Denominator.GetBitLength()) - 1000);
        var (top, bottom) = ((double)(Numerator >> shift), (double)(Denominator >> shift));
        return bottom == 0 ? double.NaN : top / bottom;
    }

    public static Rational operator -(Rational a) => new(-a.Numerator, a.Denominator);

    public static explicit operator Rational(int value) => new(value);

    public override string ToString() => IsInteger ? $"{Numerator}" : $"{Numerator}/{Denominator}";

    private static Rational? IntegerPower(Rational a, BigInteger exponent)
    {
        if (exponent.IsZero) return a.IsZero ? null : (Rational)1;
        var size = BigInteger.Abs(exponent);
        var bits = Math.Max(BigInteger.Abs(a.Numerator).GetBitLength(), a.Denominator.GetBitLength()); // of −2, GetBitLength alone is 1
        if (size > MostBits && bits > 1) return null;
        if (bits > 1 && bits * (long)size > MostBits) return null;
        var (top, bottom) = bits <= 1
            ? (size.IsEven ? BigInteger.Abs(a.Numerator) : a.Numerator, BigInteger.One) // 0, 1 and -1 to any power
            : (BigInteger.Pow(a.Numerator, (int)size), BigInteger.Pow(a.Denominator, (int)size));
        return exponent.Sign > 0 ? Of(top, bottom) : Of(bottom, top);
    }

    private static BigInteger? Root(BigInteger value, int degree) =>
        WholeRoot(value, degree) is var root && BigInteger.Pow(root, degree) == value ? root : null;

    /// <summary>The whole part of the root of what is not negative, by Newton's method from above.</summary>
    public static BigInteger WholeRoot(BigInteger value, int degree)
    {
        if (value.Sign <= 0) return 0;
        var root = BigInteger.One << (int)(value.GetBitLength() / degree + 1);
        while (true)
        {
            var next = ((degree - 1) * root + value / BigInteger.Pow(root, degree - 1)) / degree;
            if (next >= root) return root;
            root = next;
        }
    }
}
