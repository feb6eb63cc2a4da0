using System.Numerics;

namespace FlowRL.Verifiers.Mathematics.Values;

/// <summary>Whether a decimal is a number, rounded or cut off: 0.333 is 1/3, 14.14 is 10√2, 1200 is 1234.</summary>
internal static class Rounding
{
    private const int MostPlaces = 30;

    public static bool IsOf(Expression exact, Expression rounded)
    {
        if (Valuation.ExactOfConstant(rounded) is not { } value || Unit(value) is not { } unit) return false;
        var size = Valuation.OfConstant(exact);
        var (near, last) = (value.ToDouble(), unit);
        if (!Complex.IsFinite(size) || size.Imaginary != 0) return false;
        var difference = Math.Abs(size.Real - near);
        return difference <= 0.5000001 * last || (difference < last && Math.Abs(near) < Math.Abs(size.Real));
    }

    /// <summary>Decimal places of a number; null where its decimals do not end, or late.</summary>
    public static int? Places(Rational value)
    {
        var power = BigInteger.One;
        for (var places = 0; places <= MostPlaces; places++, power *= 10)
        {
            if ((power % value.Denominator).IsZero) return places;
        }
        return null;
    }

    /// <summary>What one more in the last digit that is not a final zero makes.</summary>
    private static double? Unit(Rational value)
    {
        if (Places(value) is not { } places) return null;
        if (places > 0) return Math.Pow(10, -places);
        var (whole, zeros) = (value.Numerator, 0);
        while (!whole.IsZero && (whole % 10).IsZero && zeros < MostPlaces) (whole, zeros) = (whole / 10, zeros + 1);
        return Math.Pow(10, zeros);
    }
}
