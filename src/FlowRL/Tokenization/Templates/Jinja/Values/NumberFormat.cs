using System.Globalization;
using System.Numerics;

namespace FlowRL.Tokenization.Templates.Jinja.Values;

/// <summary>Numbers in the notations of C: decimal, fixed, with an exponent, in other bases.</summary>
internal static class NumberFormat
{
    /// <summary>Digits behind the point: more than any double has.</summary>
    private const int MostDecimals = 1100;

    /// <param name="number">What is written.</param>
    /// <param name="kind">One of d, i, u, o, x, X, b, e, E, f, F, g, G.</param>
    /// <param name="precision">Digits behind the point (of all, for g), or at least so many of an integer.</param>
    /// <param name="hasPrefix">Whether other bases show which.</param>
    /// <param name="budget">Bounds the digits.</param>
    public static string Write(NumberValue number, char kind, int? precision, bool hasPrefix, Budget budget)
    {
        if (kind is 'e' or 'E' or 'f' or 'F' or 'g' or 'G') return Float(Numbers.DoubleOf(number), kind, Math.Min(precision ?? 6, MostDecimals));
        var integer = number is FloatValue { Number: var real }
            ? kind is 'd' or 'i' or 'u' && double.IsFinite(real) ? new BigInteger(real)
                : throw JinjaException.Type($"%{kind} format: an integer is required, not float")
            : Numbers.IntegerOf(number)!.Value;
        var digits = kind switch
        {
            'o' => InBase(BigInteger.Abs(integer), 8),
            'x' or 'X' => InBase(BigInteger.Abs(integer), 16),
            'b' => InBase(BigInteger.Abs(integer), 2),
            _ => BigInteger.Abs(integer).ToString(CultureInfo.InvariantCulture),
        };
        digits = digits.PadLeft(budget.Size(precision ?? 0), '0');
        var prefix = !hasPrefix ? "" : kind switch { 'o' => "0o", 'x' => "0x", 'X' => "0X", 'b' => "0b", _ => "" };
        return $"{(integer.Sign < 0 ? "-" : "")}{prefix}{(kind == 'X' ? digits.ToUpperInvariant() : digits)}";
    }

    private static string Float(double number, char kind, int precision)
    {
        if (!double.IsFinite(number)) return char.IsUpper(kind) ? Numbers.Repr(number).ToUpperInvariant() : Numbers.Repr(number);
        var written = char.ToLowerInvariant(kind) switch
        {
            'f' => PercentFormat.Fixed(number, precision),
            'e' => Exponent(number, precision),
            _ => General(number, Math.Max(precision, 1)),
        };
        return char.IsUpper(kind) ? written.ToUpperInvariant() : written;
    }

    private static string Exponent(double number, int precision)
    {
        var parts = number.ToString($"E{precision}", CultureInfo.InvariantCulture).Split('E');
        return $"{parts[0]}e{parts[1][0]}{int.Parse(parts[1].AsSpan(1), CultureInfo.InvariantCulture):00}";
    }

    private static string General(double number, int digits)
    {
        var exponent = number == 0 ? 0 : int.Parse(number.ToString($"E{digits - 1}", CultureInfo.InvariantCulture).Split('E')[1], CultureInfo.InvariantCulture);
        if (exponent >= -4 && exponent < digits) return Trimmed(PercentFormat.Fixed(number, digits - 1 - exponent));
        var parts = Exponent(number, digits - 1).Split('e');
        return $"{Trimmed(parts[0])}e{parts[1]}";
    }

    private static string Trimmed(string digits) => digits.Contains('.', StringComparison.Ordinal) ? digits.TrimEnd('0').TrimEnd('.') : digits;

    private static string InBase(BigInteger number, int radix)
    {
        if (number.IsZero) return "0";
        var digits = new Stack<char>();
        for (; !number.IsZero; number /= radix) digits.Push("0123456789abcdef"[(int)(number % radix)]);
        return new string([.. digits]);
    }
}
