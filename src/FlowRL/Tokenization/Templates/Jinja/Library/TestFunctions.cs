using System.Text;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>What can be asked with <c>is</c>.</summary>
internal static class TestFunctions
{
    public static FunctionTable All { get; } = new()
    {
        { "defined", "", call => Value.Of(call.Self is not UndefinedValue) },
        { "undefined", "", call => Value.Of(call.Self is UndefinedValue) },
        { "none", "", call => Value.Of(call.Self is NoneValue) },
        { "true", "", call => Value.Of(ReferenceEquals(call.Self, BooleanValue.True)) },
        { "false", "", call => Value.Of(ReferenceEquals(call.Self, BooleanValue.False)) },
        { "boolean", "", call => Value.Of(call.Self is BooleanValue) },
        { "integer", "", call => Value.Of(call.Self is IntegerValue) },
        { "float", "", call => Value.Of(call.Self is FloatValue) },
        { "number", "", call => Value.Of(call.Self is NumberValue) },
        { "string", "", call => Value.Of(call.Self is StringValue) },
        { "mapping", "", call => Value.Of(call.Self is DictionaryValue) },
        { "sequence", "", call => Value.Of(call.Self is StringValue or SequenceValue or DictionaryValue or RangeValue or UndefinedValue) },
        { "iterable", "", call => Value.Of(Iteration.IsIterable(call.Self)) },
        { "callable", "", call => Value.Of(call.Self is FunctionValue or MacroValue or LoopValue or UndefinedValue) },
        { "escaped", "", call => Value.Of(call.Self is StringValue { IsSafe: true }) },
        { "sameas", "other", call => Value.Of(AreSame(call.Self, call[0]!)) },
        { "in", "seq", call => Value.Of(Comparison.Contains(call[0]!, call.Self, call.Budget)) },
        { "equalto == eq", "other", call => Value.Of(Comparison.Holds("==", call.Self, call[0]!, call.Budget)) },
        { "!= ne", "other", call => Value.Of(Comparison.Holds("!=", call.Self, call[0]!, call.Budget)) },
        { "< lt lessthan", "other", call => Value.Of(Comparison.Holds("<", call.Self, call[0]!, call.Budget)) },
        { "<= le", "other", call => Value.Of(Comparison.Holds("<=", call.Self, call[0]!, call.Budget)) },
        { "> gt greaterthan", "other", call => Value.Of(Comparison.Holds(">", call.Self, call[0]!, call.Budget)) },
        { ">= ge", "other", call => Value.Of(Comparison.Holds(">=", call.Self, call[0]!, call.Budget)) },
        { "odd", "", call => Value.Of(Remainder(call, Value.Of(2), 1)) },
        { "even", "", call => Value.Of(Remainder(call, Value.Of(2), 0)) },
        { "divisibleby", "num", call => Value.Of(Remainder(call, call[0]!, 0)) },
        { "lower", "", call => Value.Of(HasCase(call, upper: false)) },
        { "upper", "", call => Value.Of(HasCase(call, upper: true)) },
        { "filter", "", call => Value.Of(call.Self is StringValue name && Filters.All.Has(name.Plain)) },
        { "test", "", call => Value.Of(call.Self is StringValue name && All!.Has(name.Plain)) },
    };

    /// <summary>Whether a text has letters with case, and all of them in one.</summary>
    public static bool HasCase(Invocation call, bool upper)
    {
        var (text, hasAny) = (call.Text.Plain, false);
        call.Budget.Read(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (upper ? Rune.IsLower(rune) : Rune.IsUpper(rune)) return false;
            hasAny |= CaseMapping.IsCased(rune);
        }
        return hasAny;
    }

    private static bool Remainder(Invocation call, Value divisor, int rest) =>
        Comparison.AreEqual(Arithmetic.Apply("%", call.Self, divisor, call.Budget), Value.Of(rest), call.Budget);

    /// <summary>One object, as Python has it: small integers are.</summary>
    private static bool AreSame(Value a, Value b) => ReferenceEquals(a, b)
        || a is IntegerValue x && b is IntegerValue y && x.Number == y.Number && x.Number >= -5 && x.Number <= 256
        || a is StringValue s && b is StringValue t && s.IsSafe == t.IsSafe && s.Plain.Length <= 1 && s.Plain == t.Plain
        || a is TupleValue { Items.Count: 0 } && b is TupleValue { Items.Count: 0 };
}
