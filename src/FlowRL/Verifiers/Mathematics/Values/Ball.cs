using System.Numerics;

namespace FlowRL.Verifiers.Mathematics.Values;

/// <summary>A real number known to lie within <paramref name="Radius"/> of <paramref name="Middle"/>, both in units of a <see cref="BallField"/>.</summary>
internal readonly record struct Ball(BigInteger Middle, BigInteger Radius)
{
    public static readonly Ball Zero = new(0, 0);

    public bool IsZero => Middle.IsZero && Radius.IsZero;

    /// <summary>+1 or −1 where the whole ball is positive or negative, 0 where it is exactly zero, null where its sign is not known.</summary>
    public int? Sign => BigInteger.Abs(Middle) > Radius ? Middle.Sign : IsZero ? 0 : null;

    public static Ball operator +(Ball a, Ball b) => new(a.Middle + b.Middle, a.Radius + b.Radius);

    public static Ball operator -(Ball a, Ball b) => new(a.Middle - b.Middle, a.Radius + b.Radius);

    public static Ball operator -(Ball a) => new(-a.Middle, a.Radius);

    public static Ball operator *(Ball a, int times) => new(a.Middle * times, a.Radius * Math.Abs(times));
}

/// <summary>
/// Arithmetic on balls, in fixed point: each result holds every value that its operands could have, so that what is told apart is different in
/// truth. Null where a result is not defined or too large to be worth it.
/// </summary>
/// <param name="bits">Binary places.</param>
internal sealed class BallField(int bits)
{
    private const int LargestBits = 8192;

    public int Bits => bits;

    public Ball? Of(Rational value)
    {
        if (value.Numerator.GetBitLength() - value.Denominator.GetBitLength() > LargestBits) return null;
        return new(BigInteger.Divide(value.Numerator << bits, value.Denominator), value.IsInteger ? 0 : 1);
    }

    public Ball? Multiply(Ball a, Ball b)
    {
        if (a.IsZero || b.IsZero) return Ball.Zero;
        if (a.Middle.GetBitLength() + b.Middle.GetBitLength() > LargestBits + 3 * bits) return null;
        var radius = BigInteger.Abs(a.Middle) * b.Radius + BigInteger.Abs(b.Middle) * a.Radius + a.Radius * b.Radius;
        return new((a.Middle * b.Middle) >> bits, (radius >> bits) + 2);
    }

    public Ball? Invert(Ball a)
    {
        var least = BigInteger.Abs(a.Middle) - a.Radius;
        if (least.Sign <= 0) return null;
        return new((BigInteger.One << (2 * bits)) / a.Middle, (a.Radius << (2 * bits)) / (BigInteger.Abs(a.Middle) * least) + 2);
    }

    public Ball? Divide(Ball a, Ball b) => Invert(b) is { } inverse ? Multiply(a, inverse) : null;

    /// <summary>The positive root of what is not negative.</summary>
    public Ball? Root(Ball a, int degree)
    {
        if (a.IsZero) return Ball.Zero;
        if (a.Middle.Sign < 0 && BigInteger.Abs(a.Middle) > a.Radius) return null;
        if (a.Middle <= a.Radius) return new(0, Rational.WholeRoot((a.Middle + a.Radius) << (bits * (degree - 1)), degree) + 2);
        var root = Rational.WholeRoot(a.Middle << (bits * (degree - 1)), degree);
        return new(root, a.Radius.IsZero ? 1 : a.Radius * root / (degree * (a.Middle - a.Radius)) + 2);
    }

    /// <summary>The nearest whole number below or above, where the ball holds one it is that.</summary>
    public Ball? Rounded(Ball a, bool up)
    {
        var one = BigInteger.One << bits;
        var nearest = (a.Middle + (one >> 1)) >> bits;
        if (a.Radius > (one >> (bits / 2))) return null;
        if (BigInteger.Abs(a.Middle - (nearest << bits)) <= a.Radius) return new(nearest << bits, 0);
        return new(((a.Middle >> bits) + (up ? 1 : 0)) << bits, 0);
    }
}
