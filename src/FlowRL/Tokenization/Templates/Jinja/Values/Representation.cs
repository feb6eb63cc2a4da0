using System.Globalization;

namespace FlowRL.Tokenization.Templates.Jinja.Values;

/// <summary>Values as text: what printing gives (Python's <c>str</c>) and what a list shows of its items (<c>repr</c>).</summary>
internal static class Representation
{
    /// <summary>The text of a value as it is printed.</summary>
    public static TracedText Of(Value value, Budget budget)
    {
        if (value is StringValue text) return text.Text;
        if (value is UndefinedValue) return TracedText.Empty;
        var builder = new TracedBuilder(budget);
        Write(value, builder, budget);
        var written = builder.ToText();
        // A whole value of the input is the input's, signs and all.
        return value.Origin is { } origin ? written.By(origin) : written;
    }

    /// <summary>What a list shows of an item: texts in quotes.</summary>
    public static TracedText Repr(Value value, Budget budget)
    {
        var builder = new TracedBuilder(budget);
        Write(value, builder, budget);
        return builder.ToText();
    }

    private static void Write(Value value, TracedBuilder to, Budget budget)
    {
        budget.Guard();
        switch (value)
        {
            case StringValue text:
                WriteText(text, to, budget);
                break;
            case ListValue list:
                WriteItems(list.Items, "[", "]", to, budget);
                break;
            case TupleValue tuple:
                WriteItems(tuple.Items, "(", tuple.Items.Count == 1 ? ",)" : ")", to, budget);
                break;
            case DictionaryValue dictionary:
                WriteEntries(dictionary.Entries, to, budget);
                break;
            case DictionaryView view:
                WriteItems(view.Items, $"{view.TypeName}([", "])", to, budget);
                break;
            case NamespaceValue space:
                to.Append("<Namespace ");
                WriteEntries(space.Fields.Select(field => KeyValuePair.Create(Value.Of(field.Key), field.Value)), to, budget);
                to.Append(">");
                break;
            default:
                to.Append(Plain(value), value.Origin);
                break;
        }
    }

    private static string Plain(Value value) => value switch
    {
        NoneValue => "None",
        BooleanValue truth => truth.IsTrue ? "True" : "False",
        IntegerValue number => number.Number.ToString(CultureInfo.InvariantCulture),
        FloatValue number => Numbers.Repr(number.Number),
        UndefinedValue => "Undefined",
        RangeValue { Bounds: var (start, stop, step) } => step.IsOne ? $"range({start}, {stop})" : $"range({start}, {stop}, {step})",
        FunctionValue function => $"<{function.TypeName} {function.Name}>",
        MacroValue macro => $"<Macro '{macro.Name}'>",
        LoopValue loop => $"<LoopContext {loop.Index0 + 1}/{loop.Length}>",
        _ => $"<{value.TypeName} object>",
    };

    private static void WriteText(StringValue text, TracedBuilder to, Budget budget)
    {
        var quote = text.Plain.Contains('\'', StringComparison.Ordinal) && !text.Plain.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        to.Append(text.IsSafe ? "Markup(" : "").Append(quote.ToString());
        to.Append(Escaping.Python(text.Text, quote, budget)).Append(quote.ToString()).Append(text.IsSafe ? ")" : "");
    }

    private static void WriteItems(IEnumerable<Value> items, string open, string close, TracedBuilder to, Budget budget)
    {
        to.Append(open);
        var isFirst = true;
        foreach (var item in items)
        {
            if (!isFirst) to.Append(", ");
            Write(item, to, budget);
            isFirst = false;
        }
        to.Append(close);
    }

    private static void WriteEntries(IEnumerable<KeyValuePair<Value, Value>> entries, TracedBuilder to, Budget budget)
    {
        to.Append("{");
        var isFirst = true;
        foreach (var (key, value) in entries)
        {
            if (!isFirst) to.Append(", ");
            Write(key, to, budget);
            to.Append(": ");
            Write(value, to, budget);
            isFirst = false;
        }
        to.Append("}");
    }
}
