using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>What values have behind a point besides the fields of dictionaries and namespaces.</summary>
internal static class Methods
{
    private static readonly FunctionTable OfDictionaries = new()
    {
        { "items", "", call => new DictionaryView((DictionaryValue)call.Self, "items") },
        { "keys", "", call => new DictionaryView((DictionaryValue)call.Self, "keys") },
        { "values", "", call => new DictionaryView((DictionaryValue)call.Self, "values") },
        { "get", "key default?", call => ((DictionaryValue)call.Self).Find(call[0]!) ?? call[1] ?? NoneValue.Instance },
        { "copy", "", call => call.Self },
    };

    private static readonly FunctionTable OfSequences = new()
    {
        { "index", "value", call => Value.Of(Place(call)) },
        { "count", "value", call => Value.Of(((SequenceValue)call.Self).Items.Count(item => Comparison.AreEqual(item, call[0]!, call.Budget))) },
        { "copy", "", call => call.Self },
    };

    private static readonly FunctionTable OfLoops = new()
    {
        { "cycle", "*", call => call.All.Positional is { Count: > 0 } values ? values[((LoopValue)call.Self).Index0 % values.Count]
            : throw JinjaException.Type("no items for cycling given") },
        { "changed", "*", Changed },
    };

    /// <summary>Methods that change what they are called on, which a sandbox does not let them.</summary>
    private static readonly HashSet<string> Changing =
        ["append", "clear", "extend", "insert", "pop", "popitem", "remove", "reverse", "setdefault", "sort", "update"];

    /// <summary>A method or another attribute; null where the value has none of the name.</summary>
    public static Value? Find(Value of, string name, Interpreter interpreter)
    {
        if (name.Length > 4 && name.StartsWith("__", StringComparison.Ordinal) && name.EndsWith("__", StringComparison.Ordinal) && of is not NamespaceValue
            || of is NamespaceValue && name == "__class__")
            return Unsafe(of, name);
        if (of is SequenceValue or DictionaryValue && of is not TupleValue && Changing.Contains(name)) return Unsafe(of, name);
        var table = of switch
        {
            StringValue => StringMethods.Table,
            DictionaryValue => OfDictionaries,
            SequenceValue => OfSequences,
            LoopValue => OfLoops,
            _ => null,
        };
        if (table?.Find(name) is { } method)
            return new FunctionValue(name, arguments => method.Invoke(interpreter, of, arguments), "builtin_function_or_method");
        return of switch
        {
            NumberValue => OfNumber(of, name),
            LoopValue loop => OfLoop(loop, name),
            MacroValue macro => OfMacro(macro, name),
            _ => null,
        };
    }

    private static UndefinedValue Unsafe(Value of, string name) =>
        new($"access to attribute '{name}' of '{of.TypeName}' object is unsafe.", JinjaErrorKind.Security);

    private static Value? OfNumber(Value number, string name) => name switch
    {
        "real" => number,
        "imag" => number is FloatValue ? new FloatValue(0) : Value.Of(0),
        _ => null,
    };

    private static Value? OfLoop(LoopValue loop, string name) => name switch
    {
        "index" => Value.Of(loop.Index0 + 1),
        "index0" => Value.Of(loop.Index0),
        "revindex" => Value.Of(loop.Length - loop.Index0),
        "revindex0" => Value.Of(loop.Length - loop.Index0 - 1),
        "first" => Value.Of(loop.Index0 == 0),
        "last" => Value.Of(loop.IsLast),
        "length" => Value.Of(loop.Length),
        "previtem" => loop.Previous,
        "nextitem" => loop.Next,
        "depth" => Value.Of(loop.Depth + 1),
        "depth0" => Value.Of(loop.Depth),
        _ => null,
    };

    private static Value? OfMacro(MacroValue macro, string name) => name switch
    {
        "name" => Value.Of(macro.Name),
        "arguments" => new TupleValue([.. macro.Definition.Parameters.Select(parameter => Value.Of(parameter.Name))]),
        "caller" => Value.Of(macro.Definition.Special.Contains("caller")),
        "catch_kwargs" => Value.Of(macro.Definition.Special.Contains("kwargs")),
        "catch_varargs" => Value.Of(macro.Definition.Special.Contains("varargs")),
        _ => null,
    };

    private static int Place(Invocation call)
    {
        foreach (var (i, item) in ((SequenceValue)call.Self).Items.Index())
        {
            if (Comparison.AreEqual(item, call[0]!, call.Budget)) return i;
        }
        throw JinjaException.Value($"{Representation.Repr(call[0]!, call.Budget).Plain} is not in list");
    }

    private static Value Changed(Invocation call)
    {
        var (loop, values) = ((LoopValue)call.Self, new TupleValue(call.All.Positional));
        if (loop.LastChanged is { } last && Comparison.AreEqual(last, values, call.Budget)) return BooleanValue.False;
        loop.LastChanged = values;
        return BooleanValue.True;
    }
}
