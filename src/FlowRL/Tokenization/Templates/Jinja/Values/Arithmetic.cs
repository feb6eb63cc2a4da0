using System.Numerics;

namespace FlowRL.Tokenization.Templates.Jinja.Values;

/// <summary>The operators between two values, and the signs before one.</summary>
internal static class Arithmetic
{
    public static Value Apply(string sign, Value a, Value b, Budget budget)
    {
        if (a is UndefinedValue x) throw x.Used();
        if (b is UndefinedValue y && !(sign == "%" && a is StringValue)) throw y.Used();
        return sign switch
        {
            "+" when a is StringValue or SequenceValue => Joined(a, b, budget),
            "*" when a is StringValue or SequenceValue => Repeated(a, b, budget),
            "*" when b is StringValue or SequenceValue => Repeated(b, a, budget),
            "%" when a is StringValue format => PercentFormat.Apply(format, b, budget),
            _ when a is NumberValue left && b is NumberValue right => OfNumbers(sign, left, right, budget),
            _ => throw JinjaException.Type(
                $"unsupported operand type(s) for {(sign == "**" ? "** or pow()" : sign)}: '{a.TypeName}' and '{b.TypeName}'"),
        };
    }

    public static Value Negated(Value value, string sign) => value switch
    {
        UndefinedValue undefined => throw undefined.Used(),
        FloatValue number => sign == "-" ? new FloatValue(-number.Number) : number,
        NumberValue number when Numbers.IntegerOf(number) is { } integer => Value.Of(sign == "-" ? -integer : integer),
        _ => throw JinjaException.Type($"bad operand type for unary {sign}: '{value.TypeName}'"),
    };

    /// <summary>The text that <c>+</c> puts together; a safe side escapes the other.</summary>
    public static StringValue Joined(StringValue a, StringValue b, Budget budget)
    {
        var isSafe = a.IsSafe || b.IsSafe;
        var builder = new TracedBuilder(budget);
        builder.Append(isSafe && !a.IsSafe ? Escaping.Html(a.Text, budget) : a.Text);
        builder.Append(isSafe && !b.IsSafe ? Escaping.Html(b.Text, budget) : b.Text);
        return new StringValue(builder.ToText(), isSafe);
    }

    private static Value Joined(Value a, Value b, Budget budget)
    {
        if (a is StringValue x && b is StringValue y) return Joined(x, y, budget);
        if (a is not SequenceValue left || b is not SequenceValue right || left.TypeName != right.TypeName)
        {
            var type = a is StringValue ? "str" : a.TypeName;
            throw JinjaException.Type($"can only concatenate {type} (not \"{b.TypeName}\") to {type}");
        }
        budget.Spend(budget.Size((long)left.Items.Count + right.Items.Count));
        return left.With([.. left.Items, .. right.Items]);
    }

    private static Value Repeated(Value what, Value times, Budget budget)
    {
        if (Numbers.IntegerOf(times) is not { } number)
            throw JinjaException.Type($"can't multiply sequence by non-int of type '{times.TypeName}'");
        var size = what is StringValue { Text.Plain.Length: var length } ? length : ((SequenceValue)what).Items.Count;
        var count = size == 0 || number.Sign <= 0 ? 0 : (int)BigInteger.Min(number, int.MaxValue);
        budget.Spend(budget.Size((long)size * count));
        if (what is SequenceValue sequence) return sequence.With([.. Enumerable.Repeat(sequence.Items, count).SelectMany(items => items)]);
        var (text, builder) = ((StringValue)what, new TracedBuilder(budget));
        for (var i = 0; i < count; i++)
            builder.Append(text.Text);
        return new StringValue(builder.ToText(), text.IsSafe);
    }

    private static Value OfNumbers(string sign, NumberValue a, NumberValue b, Budget budget)
    {
        if (Numbers.IntegerOf(a) is { } x && Numbers.IntegerOf(b) is { } y)
        {
            switch (sign)
            {
                case "+": return Numbers.Bounded(x + y, budget);
                case "-": return Numbers.Bounded(x - y, budget);
                case "*":
                    Numbers.Bits(x.GetBitLength() + y.GetBitLength() - 1.0, budget);
                    return Value.Of(x * y);
                case "//": return Value.Of(FloorDivide(x, NotZero(y, "integer division or modulo by zero")));
                case "%": return Value.Of(x - y * FloorDivide(x, NotZero(y, "integer modulo by zero")));
                case "/": return new FloatValue(Numbers.Divide(x, NotZero(y, "division by zero")));
                case "**" when y.Sign >= 0:
                    if (BigInteger.Abs(x) > 1) Numbers.Bits((double)BigInteger.Min(y, 1 << 24) * (x.GetBitLength() - 1.0), budget);
                    return Value.Of(BigInteger.Abs(x) <= 1 ? BigInteger.Pow(x, (int)(y % 2) + (y.IsZero ? 0 : 2)) : BigInteger.Pow(x, (int)y));
            }
        }
        return new FloatValue(OfFloats(sign, Numbers.DoubleOf(a), Numbers.DoubleOf(b)));
    }

    private static double OfFloats(string sign, double a, double b) => sign switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / NotZero(b, "float division by zero"),
        "//" => FloorDivide(a, NotZero(b, "float floor division by zero")),
        "%" => Modulo(a, NotZero(b, "float modulo")),
        "**" => Power(a, b),
        _ => throw new ArgumentException($"There is no operator {sign}.", nameof(sign)),
    };

    private static BigInteger FloorDivide(BigInteger a, BigInteger b)
    {
        var quotient = BigInteger.DivRem(a, b, out var rest);
        return !rest.IsZero && rest.Sign != b.Sign ? quotient - 1 : quotient;
    }

    private static double Modulo(double a, double b)
    {
        var rest = a % b;
        return rest == 0 ? Math.CopySign(0, b) : double.IsNegative(rest) != double.IsNegative(b) ? rest + b : rest;
    }

    private static double FloorDivide(double a, double b)
    {
        var quotient = (a - Modulo(a, b)) / b;
        if (quotient == 0) return Math.CopySign(0, a / b);
        var floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double Power(double a, double b)
    {
        if (a == 0 && b < 0) throw new JinjaException(JinjaErrorKind.Zero, "0.0 cannot be raised to a negative power");
        if (a < 0 && double.IsFinite(a) && double.IsFinite(b) && !double.IsInteger(b))
            throw JinjaException.Value("a negative number to a fractional power is a complex number, which templates do not have");
        var power = Math.Pow(a, b);
        return double.IsInfinity(power) && double.IsFinite(a) && double.IsFinite(b)
            ? throw new JinjaException(JinjaErrorKind.Overflow, "(34, 'Numerical result out of range')") : power;
    }

    private static BigInteger NotZero(BigInteger number, string words) =>
        !number.IsZero ? number : throw new JinjaException(JinjaErrorKind.Zero, words);

    private static double NotZero(double number, string words) => number != 0 ? number : throw new JinjaException(JinjaErrorKind.Zero, words);
}
