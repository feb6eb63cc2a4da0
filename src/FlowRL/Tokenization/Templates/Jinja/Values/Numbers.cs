using System.Globalization;
using System.Numerics;

namespace FlowRL.Tokenization.Templates.Jinja.Values;

/// <summary>Python's numbers: how they compare, convert and print.</summary>
internal static class Numbers
{
    /// <summary>Longer texts are no numbers: Python reads 4300 digits.</summary>
    private const int LongestText = 10_000;

    /// <summary>The integer of an int or a bool; null for others.</summary>
    public static BigInteger? IntegerOf(Value value) => value switch
    {
        IntegerValue integer => integer.Number,
        BooleanValue truth => truth.IsTrue ? BigInteger.One : BigInteger.Zero,
        _ => null,
    };

    /// <summary>The nearest double, as Python rounds.</summary>
    public static double DoubleOf(NumberValue value) => value is FloatValue number ? number.Number : DoubleOf(IntegerOf(value)!.Value);

    public static double DoubleOf(BigInteger number)
    {
        if (BigInteger.Abs(number) <= 1L << 53) return (double)(long)number;
        // .NET's conversion of large integers cuts where parsing rounds.
        var rounded = double.Parse(number.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return double.IsFinite(rounded) ? rounded : throw new JinjaException(JinjaErrorKind.Overflow, "int too large to convert to float");
    }

    /// <summary>Exact, also between integers and floats; null beside a NaN.</summary>
    public static int? Compare(NumberValue a, NumberValue b)
    {
        if (IntegerOf(a) is { } x)
            return IntegerOf(b) is { } y ? x.CompareTo(y) : -Compare(((FloatValue)b).Number, x);
        var number = ((FloatValue)a).Number;
        if (IntegerOf(b) is { } integer) return Compare(number, integer);
        var other = ((FloatValue)b).Number;
        return double.IsNaN(number) || double.IsNaN(other) ? null : number.CompareTo(other);
    }

    /// <summary>An integer within <see cref="Budget.IntegerBits"/>.</summary>
    public static Value Bounded(BigInteger number, Budget budget)
    {
        Bits(number.GetBitLength(), budget);
        return Value.Of(number);
    }

    /// <summary>Refuses integers of so many bits before they are computed.</summary>
    public static void Bits(double bits, Budget budget)
    {
        if (bits > budget.IntegerBits)
            throw new JinjaException(JinjaErrorKind.Limit, $"the template makes an integer of more than {budget.IntegerBits} bits");
        budget.Read((long)bits);
    }

    /// <summary>True division of integers, correctly rounded.</summary>
    public static double Divide(BigInteger a, BigInteger b)
    {
        var shift = 66 - (int)(a.GetBitLength() - b.GetBitLength());
        if (BigInteger.Abs(a) <= 1L << 53 && BigInteger.Abs(b) <= 1L << 53) return (double)(long)a / (double)(long)b;
        var quotient = BigInteger.DivRem(shift > 0 ? a << shift : a, shift > 0 ? b : b << -shift, out var rest);
        // The last bit stands for all that follow, so that rounding sees them.
        if (!rest.IsZero) quotient = 2 * quotient + (a.Sign * b.Sign);
        return Math.ScaleB(DoubleOf(quotient), -shift - (rest.IsZero ? 0 : 1));
    }

    /// <summary>Python's repr of a float: the shortest digits that read back the same, with a fraction or an exponent.</summary>
    public static string Repr(double number)
    {
        if (double.IsNaN(number)) return "nan";
        if (double.IsInfinity(number)) return number > 0 ? "inf" : "-inf";
        var (sign, digits, exponent) = Digits(number);
        if (exponent is < -4 or >= 16)
        {
            var fraction = digits.Length > 1 ? $".{digits[1..]}" : "";
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }
        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        digits = digits.PadRight(exponent + 1, '0');
        var rest = digits[(exponent + 1)..];
        return $"{sign}{digits[..(exponent + 1)]}.{(rest.Length > 0 ? rest : "0")}";
    }

    /// <summary>Reads what Python's <c>float()</c> reads; null for what is no number.</summary>
    public static double? ParseFloat(string text)
    {
        if (text.Length > LongestText) return null;
        var plain = Digits(text).ToLowerInvariant();
        var bare = plain.TrimStart('+', '-');
        if (plain.Length - bare.Length > 1) return null;
        double? read = bare switch
        {
            "inf" or "infinity" => double.PositiveInfinity,
            "nan" => double.NaN,
            _ => bare.Length > 0 && (char.IsAsciiDigit(bare[0]) || bare[0] == '.') && HasSingleUnderscores(bare)
                && double.TryParse(bare.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                    CultureInfo.InvariantCulture, out var number) ? number : null,
        };
        return plain.StartsWith('-') ? -read : read;
    }

    /// <summary>Reads what Python's <c>int(text, base)</c> reads; null for what is no number. Base 0 goes by the prefix.</summary>
    public static BigInteger? ParseInteger(string text, int radix, Budget budget)
    {
        if (text.Length > LongestText) return null;
        budget.Spend(text.Length);
        var plain = Digits(text).ToLowerInvariant();
        var negative = plain.StartsWith('-');
        if (plain.StartsWith('-') || plain.StartsWith('+')) plain = plain[1..];
        var prefixed = plain.Length > 2 && plain[0] == '0' ? plain[1] switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 } : 0;
        if (prefixed != 0 && radix is 0 && HasSingleUnderscores(plain[2..].TrimStart('_')) || prefixed != 0 && radix == prefixed)
            (radix, plain) = (prefixed, plain[2] == '_' ? plain[3..] : plain[2..]);
        else if (radix == 0)
            radix = plain.Trim('0', '_').Length > 0 && plain.StartsWith('0') ? -1 : 10;
        if (radix < 2 || plain.Length == 0 || !HasSingleUnderscores(plain)) return null;
        Bits(plain.Length * Math.Log2(radix), budget);
        var number = BigInteger.Zero;
        foreach (var c in plain.Where(c => c != '_'))
        {
            var digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetterLower(c) ? c - 'a' + 10 : 99;
            if (digit >= radix) return null;
            number = number * radix + digit;
        }
        return negative ? -number : number;
    }

    /// <summary>Sign, shortest digits without zeros at the end, and the power of ten of the first digit.</summary>
    internal static (string Sign, string Digits, int Exponent) Digits(double number)
    {
        var shortest = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var (whole, fraction) = shortest[0].Split('.') is [var w, var f] ? (w, f) : (shortest[0], "");
        var mantissa = (whole + fraction).TrimStart('0').TrimEnd('0');
        var exponent = shortest.Length > 1 ? int.Parse(shortest[1], CultureInfo.InvariantCulture)
            : whole != "0" ? whole.Length - 1
            : number == 0 ? 0 : fraction.AsSpan().TrimStart('0').Length - fraction.Length - 1;
        return (double.IsNegative(number) ? "-" : "", mantissa.Length > 0 ? mantissa : "0", exponent);
    }

    /// <summary>Trimmed, and with decimal digits of any script as ASCII's.</summary>
    private static string Digits(string text) => string.Concat(Characters.Strip(text).EnumerateRunes().Select(rune =>
        System.Text.Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber
            ? ((int)System.Text.Rune.GetNumericValue(rune)).ToString(CultureInfo.InvariantCulture) : rune.ToString()));

    /// <summary>Python allows an underscore between two digits alone.</summary>
    private static bool HasSingleUnderscores(string digits) =>
        !digits.StartsWith('_') && !digits.EndsWith('_') && !digits.Contains("__", StringComparison.Ordinal);

    private static int? Compare(double a, BigInteger b)
    {
        if (double.IsNaN(a)) return null;
        if (double.IsInfinity(a)) return a > 0 ? 1 : -1;
        var whole = new BigInteger(a).CompareTo(b);
        return whole != 0 ? whole : (a - Math.Truncate(a)).CompareTo(0.0);
    }
}
