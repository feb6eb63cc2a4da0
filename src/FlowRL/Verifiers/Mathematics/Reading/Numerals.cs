using System.Globalization;
using System.Numerics;
using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>Numbers from their digits.</summary>
internal static class Numerals
{
    private const int LongestRepeating = 200;

    /// <exception cref="UnreadableAnswerException">The number is too long.</exception>
    public static Expression.Number Decimal(string digits) => new(Rational.Parse(digits) ?? throw TooLong());

    /// <exception cref="UnreadableAnswerException">Not whole, too long, or over zero.</exception>
    public static Expression.Number Quotient(string top, string bottom) =>
        Rational.Parse(top) is { IsInteger: true } a && Rational.Parse(bottom) is { IsInteger: true } b && Rational.Of(a.Numerator, b.Numerator) is { } value
            ? new(value) : throw TokenReader.Unreadable("the fraction of a mixed number is none");

    /// <summary>0.1(6): the period divided by nines.</summary>
    /// <exception cref="UnreadableAnswerException">The number is too long.</exception>
    public static Expression.Number Repeating(string text)
    {
        if (text.Length > LongestRepeating) throw TooLong();
        var bracket = text.IndexOf('(', StringComparison.Ordinal);
        var (start, period) = (text[..bracket], text[(bracket + 1)..^1]);
        var places = start.Contains('.', StringComparison.Ordinal) ? start.Length - start.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        var whole = start.TrimEnd('.') is { Length: > 0 } digits ? Rational.Parse(digits) : (Rational)0;
        var scale = BigInteger.Pow(10, places) * (BigInteger.Pow(10, period.Length) - 1);
        var part = Rational.Of(BigInteger.Parse(period, CultureInfo.InvariantCulture), scale);
        return whole is { } first && part is { } repeated && Rational.Add(first, repeated) is { } value ? new(value) : throw TooLong();
    }

    private static UnreadableAnswerException TooLong() => TokenReader.Unreadable("a number is too long");
}
