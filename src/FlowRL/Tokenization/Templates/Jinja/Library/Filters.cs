using System.Numerics;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>All filters, and those of numbers and of any value.</summary>
internal static class Filters
{
    public static FunctionTable All { get; } = new()
    {
        TextFilters.Table,
        SequenceFilters.Table,
        SelectionFilters.Table,
        { "default d", "default_value? boolean?", call =>
            call.Self is UndefinedValue || call.Flag(1) && !call.Self.IsTrue ? call[0] ?? Value.Of("") : call.Self },
        { "int", "default? base?", ToInteger },
        { "float", "default?", call => ToFloat(call.Self) is { } number ? new FloatValue(number) : call[0] ?? new FloatValue(0) },
        { "abs", "", Absolute },
        { "round", "precision? method?", Round },
        { "attr", "name", call => Access.Attribute(call.Self, call.TextOf(0).Plain, call.Interpreter, triesItems: false) },
    };

    private static Value ToInteger(Invocation call)
    {
        var number = call.Self switch
        {
            UndefinedValue undefined => throw undefined.Used(),
            StringValue text => Numbers.ParseInteger(text.Plain, call.Integer(1, 10), call.Budget)
                ?? (Numbers.ParseFloat(text.Plain) is { } read && double.IsFinite(read) ? new BigInteger(read) : null),
            FloatValue { Number: var value } => double.IsFinite(value) ? new BigInteger(value) : null,
            _ => Numbers.IntegerOf(call.Self),
        };
        return number is { } found ? new IntegerValue(found) { Origin = call.Self is StringValue of ? of.Text.AnyOrigin : null } : call[0] ?? Value.Of(0);
    }

    private static double? ToFloat(Value value) => value switch
    {
        UndefinedValue undefined => throw undefined.Used(),
        StringValue text => Numbers.ParseFloat(text.Plain),
        NumberValue number => Numbers.DoubleOf(number),
        _ => null,
    };

    private static Value Absolute(Invocation call) => call.Self switch
    {
        UndefinedValue undefined => throw undefined.Used(),
        FloatValue number => new FloatValue(Math.Abs(number.Number)),
        _ when Numbers.IntegerOf(call.Self) is { } number => Value.Of(BigInteger.Abs(number)),
        _ => throw JinjaException.Type($"bad operand type for abs(): '{call.Self.TypeName}'"),
    };

    private static Value Round(Invocation call)
    {
        var (precision, method) = (call.Integer(0, 0), call[1] is null ? "common" : call.TextOf(1).Plain);
        if (method is not ("common" or "ceil" or "floor")) throw JinjaException.Value("method must be common, ceil or floor");
        if (call.Self is UndefinedValue undefined) throw undefined.Used();
        if (call.Self is not NumberValue number) throw JinjaException.Type($"type {call.Self.TypeName} doesn't define __round__ method");
        if (method == "common" && Numbers.IntegerOf(call.Self) is { } integer) return Value.Of(RoundTo(integer, precision, call.Budget));
        var value = Numbers.DoubleOf(number);
        if (method == "common") return new FloatValue(PercentFormat.Round(value, precision));
        var power = Math.Pow(10, precision);
        return new FloatValue((method == "ceil" ? Math.Ceiling(value * power) : Math.Floor(value * power)) / power);
    }

    /// <summary>An integer to a power of ten, halves to the even one.</summary>
    private static BigInteger RoundTo(BigInteger number, int precision, Budget budget)
    {
        if (precision >= 0) return number;
        Numbers.Bits(-(double)precision * Math.Log2(10), budget);
        var unit = BigInteger.Pow(10, -precision);
        var quotient = BigInteger.DivRem(number, unit, out var rest);
        var side = (2 * BigInteger.Abs(rest)).CompareTo(unit);
        return unit * (quotient + (side > 0 || side == 0 && !quotient.IsEven ? number.Sign : 0));
    }
}
