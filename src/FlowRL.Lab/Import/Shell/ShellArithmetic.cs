using System.Globalization;

namespace FlowRL.Lab.Import.Shell;

/// <summary>Whole numbers in <c>$((...))</c>: <c>+ - * / % **</c>, brackets, names of variables.</summary>
internal sealed class ShellArithmetic
{
    private const int MostDepth = 32;

    private readonly string _text;
    private readonly Func<string, string?> _variable;
    private int _at;
    private int _depth;

    private ShellArithmetic(string text, Func<string, string?> variable) => (_text, _variable) = (text, variable);

    /// <summary>The result; null where the text has anything else in it, divides by 0, or leaves 64 bits.</summary>
    /// <param name="text">What stands between the brackets.</param>
    /// <param name="variable">The text of a variable; null for one that is not known.</param>
    public static long? Evaluate(string text, Func<string, string?> variable)
    {
        var arithmetic = new ShellArithmetic(text, variable);
        try
        {
            var result = arithmetic.Sum();
            return arithmetic.Next() == '\0' ? result : null;
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException or DivideByZeroException)
        {
            return null;
        }
    }

    private long Sum()
    {
        var left = Product();
        while (true)
        {
            if (Take("+")) left = checked(left + Product());
            else if (Take("-")) left = checked(left - Product());
            else return left;
        }
    }

    private long Product()
    {
        var left = Power();
        while (true)
        {
            if (Take("*")) left = checked(left * Power());
            else if (Take("/")) left = checked(left / Power());
            else if (Take("%")) left = checked(left % Power());
            else return left;
        }
    }

    private long Power()
    {
        var left = Factor();
        if (!Take("**")) return left;
        var exponent = Nested(Power);
        if (exponent is < 0 or > 64) throw new FormatException();
        var result = 1L;
        for (var i = 0; i < exponent; i++) result = checked(result * left);
        return result;
    }

    private long Factor()
    {
        if (Take("-")) return checked(-Nested(Factor));
        if (Take("+")) return Nested(Factor);
        if (Take("("))
        {
            var inner = Nested(Sum);
            return Take(")") ? inner : throw new FormatException();
        }
        _ = Next();
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || "_${}".Contains(_text[_at], StringComparison.Ordinal))) _at++;
        var word = _text[start.._at].Trim('$', '{', '}');
        if (word != "" && !char.IsAsciiDigit(word[0])) word = _variable(word) ?? "";
        return long.Parse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    private long Nested(Func<long> part)
    {
        if (++_depth > MostDepth) throw new FormatException();
        var result = part();
        _depth--;
        return result;
    }

    private char Next()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
        return _at < _text.Length ? _text[_at] : '\0';
    }

    // A single star is no half of a double one.
    private bool Take(string sign)
    {
        _ = Next();
        if (string.CompareOrdinal(_text, _at, sign, 0, sign.Length) != 0 || (sign == "*" && _at + 1 < _text.Length && _text[_at + 1] == '*')) return false;
        _at += sign.Length;
        return true;
    }
}
