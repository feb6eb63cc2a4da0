using System.Numerics;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>Attributes, items and slices. What is missing is undefined, not an error.</summary>
internal static class Access
{
    /// <summary><c>x.name</c>: an attribute, else an item.</summary>
    public static Value Attribute(Value of, string name, Interpreter interpreter, bool triesItems = true)
    {
        if (of is UndefinedValue undefined) throw undefined.Used();
        return Field(of, name) ?? Methods.Find(of, name, interpreter)
            ?? (triesItems && of is DictionaryValue dictionary ? dictionary.Find(name) : null) ?? Missing(of, Value.Of(name));
    }

    /// <summary><c>x[key]</c>: an item, else an attribute.</summary>
    public static Value Item(Value of, Value key, Interpreter interpreter)
    {
        if (of is UndefinedValue undefined) throw undefined.Used();
        if (key is SliceValue slice) return of is StringValue or SequenceValue or RangeValue ? Sliced(of, slice, interpreter.Budget) : Missing(of, key);
        return Find(of, key, interpreter.Budget)
            ?? (key is StringValue name ? Field(of, name.Plain) ?? Methods.Find(of, name.Plain, interpreter) : null) ?? Missing(of, key);
    }

    public static Value Sliced(Value of, SliceValue slice, Budget budget)
    {
        var (start, stop, step) = Bounds(slice, Iteration.Length(of));
        var count = step > 0 ? (stop - start + step - 1) / step : (start - stop - step - 1) / -step;
        count = Math.Max(0, count);
        budget.Read(count);
        if (of is StringValue text)
        {
            budget.Spend(step == 1 ? text.Plain.Length / 8 : text.Plain.Length * 4L);
            if (step == 1) return new StringValue(text.Text.Slice(text.Text.PlaceOf((int)start), text.Text.PlaceOf((int)Math.Max(start, stop))), text.IsSafe);
            var (characters, builder) = (text.Text.Characters().ToList(), new TracedBuilder(budget));
            for (var i = 0L; i < count; i++) builder.Append(characters[(int)(start + i * step)]);
            return new StringValue(builder.ToText(), text.IsSafe);
        }
        if (of is RangeValue range) return Sliced(new ListValue([.. range.Items]), slice, budget);
        var sequence = (SequenceValue)of;
        var taken = new List<Value>((int)count);
        for (var i = 0L; i < count; i++) taken.Add(sequence.Items[(int)(start + i * step)]);
        return sequence.With(taken);
    }

    private static Value? Field(Value of, string name) => of is NamespaceValue space && space.Fields.TryGetValue(name, out var value) ? value : null;

    private static Value? Find(Value of, Value key, Budget budget)
    {
        if (of is DictionaryValue dictionary) return key is ListValue or DictionaryValue ? null : dictionary.Find(key);
        if (Numbers.IntegerOf(key) is not { } index || of is not (StringValue or SequenceValue or RangeValue)) return null;
        var count = Iteration.Length(of);
        if (index.Sign < 0) index += count;
        if (index.Sign < 0 || index >= count) return null;
        var at = (int)index;
        return of switch
        {
            StringValue text => Character(text, at, budget),
            SequenceValue sequence => sequence.Items[at],
            _ => ((RangeValue)of)[at],
        };
    }

    private static StringValue Character(StringValue text, int at, Budget budget)
    {
        // Beyond U+FFFF places have to be counted.
        if (text.Text.Length < text.Plain.Length) budget.Read(at);
        return new StringValue(text.Text.Slice(text.Text.PlaceOf(at), text.Text.PlaceOf(at + 1)), text.IsSafe);
    }

    private static UndefinedValue Missing(Value of, Value key)
    {
        var type = of is NoneValue ? "None" : $"{of.TypeName} object";
        if (key is StringValue name) return new UndefinedValue($"'{type}' has no attribute '{name.Plain}'");
        var shown = key switch { IntegerValue number => $"{number.Number}", NoneValue => "None", _ => $"of type {key.TypeName}" };
        return new UndefinedValue($"{type} has no element {shown}");
    }

    private static (long Start, long Stop, long Step) Bounds(SliceValue slice, int length)
    {
        var step = Bound(slice.Bounds.Step) ?? 1;
        if (step == 0) throw JinjaException.Value("slice step cannot be zero");
        var (low, high) = step > 0 ? (0L, (long)length) : (-1L, length - 1L);
        long At(Value? bound, long otherwise) =>
            Bound(bound) is { } at ? Math.Clamp(at < 0 ? at + length : at, low, high) : otherwise;
        return (At(slice.Bounds.Start, step > 0 ? low : high), At(slice.Bounds.Stop, step > 0 ? high : low), step);
    }

    private static long? Bound(Value? value) => value is null or NoneValue ? null
        : Numbers.IntegerOf(value) is { } number ? (long)BigInteger.Max(int.MinValue, BigInteger.Min(number, int.MaxValue))
        : throw JinjaException.Type("slice indices must be integers or None or have an __index__ method");
}
