using System.Numerics;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>The functions that every template can call.</summary>
internal static class Globals
{
    /// <summary>The longest range that the sandbox makes.</summary>
    private const int LongestRange = 100_000;

    private static readonly FunctionTable Table = new()
    {
        { "range", "*", Range },
        { "namespace", "*", call => new NamespaceValue(Entries(call).ToDictionary(
            entry => NamespaceValue.Checked(((StringValue)entry.Key).Plain), entry => entry.Value)) },
        { "dict", "*", call => Dictionary(call) },
        { "joiner", "sep?", Joiner },
        { "cycler", "*", Cycler },
        { "raise_exception", "message", call => throw new JinjaException(JinjaErrorKind.Raised, call.TextOf(0).Plain) },
    };

    /// <summary>A scope with all of them.</summary>
    /// <param name="interpreter">Who calls them.</param>
    /// <param name="now">What <c>strftime_now</c> gives; null where it is not to be defined.</param>
    public static Scope Scope(Interpreter interpreter, DateTime? now)
    {
        var scope = new Scope();
        foreach (var function in Table)
            scope.Set(function.Name, new FunctionValue(function.Name, arguments => function.Invoke(interpreter, NoneValue.Instance, arguments)));
        // The template as an object, of which nothing can be used.
        scope.Set("self", new FunctionValue("self", _ => throw JinjaException.Type("'TemplateReference' object is not callable"), "TemplateReference"));
        if (now is not { } time) return scope;
        var date = new LibraryFunction("strftime_now", ["format"], 1, call => Value.Of(DateFormat.Write(time, call.String(0).Plain, call.Budget)));
        return scope.Set(date.Name, new FunctionValue(date.Name, arguments => date.Invoke(interpreter, NoneValue.Instance, arguments)));
    }

    private static Value Range(Invocation call)
    {
        var bounds = call.All.Positional.Select(value => value is UndefinedValue undefined ? throw undefined.Used()
            : Numbers.IntegerOf(value) ?? throw JinjaException.Type($"'{value.TypeName}' object cannot be interpreted as an integer")).ToList();
        if (bounds.Count is < 1 or > 3 || call.All.Named.Count > 0) throw JinjaException.Type($"range expected 1 to 3 arguments, got {bounds.Count}");
        var (start, stop) = bounds.Count == 1 ? (BigInteger.Zero, bounds[0]) : (bounds[0], bounds[1]);
        var step = bounds.Count == 3 ? bounds[2] : BigInteger.One;
        if (step.IsZero) throw JinjaException.Value("range() arg 3 must not be zero");
        var count = BigInteger.Max(0, step.Sign > 0 ? (stop - start + step - 1) / step : (start - stop - step - 1) / -step);
        return count <= LongestRange ? new RangeValue(start, stop, step, (int)count) : throw new JinjaException(JinjaErrorKind.Overflow,
            $"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({LongestRange}).");
    }

    private static DictionaryValue Dictionary(Invocation call) => DictionaryValue.From(Entries(call).Select(entry => (entry.Key, entry.Value)), call.Budget);

    /// <summary>The entries of a dictionary or of pairs, and the named arguments.</summary>
    private static OrderedDictionary<Value, Value> Entries(Invocation call)
    {
        if (call.All.Positional.Count > 1) throw JinjaException.Type($"dict expected at most 1 argument, got {call.All.Positional.Count}");
        IEnumerable<(Value, Value)> given = call.All.Positional switch
        {
            [] => [],
            [DictionaryValue dictionary] => dictionary.Entries.Select(entry => (entry.Key, entry.Value)),
            var one => Iteration.ToList(one[0], call.Budget).Select(pair => Iteration.ToList(pair, call.Budget) is [var key, var value]
                ? (key, value) : throw JinjaException.Value("dictionary update sequence elements must have length 2")),
        };
        return DictionaryValue.From(given.Concat(call.All.Named.Select(argument => (Value.Of(argument.Name), argument.Value))), call.Budget).Entries;
    }

    /// <summary>Nothing at the first call, then a separator.</summary>
    private static Value Joiner(Invocation call)
    {
        var (separator, used) = (call[0] ?? Value.Of(", "), false);
        return new FunctionValue("joiner", _ =>
        {
            var written = used ? separator : Value.Of("");
            used = true;
            return written;
        }, "Joiner");
    }

    /// <summary>One value after the other, from the start again behind the last.</summary>
    private static Value Cycler(Invocation call)
    {
        var (values, at) = (call.All.Positional, 0);
        if (values.Count == 0) throw new JinjaException(JinjaErrorKind.Runtime, "at least one item has to be provided");
        return new NamespaceValue(new Dictionary<string, Value>
        {
            ["next"] = new FunctionValue("next", _ => values[at++ % values.Count]),
            ["reset"] = new FunctionValue("reset", _ => Value.Of(at = 0)),
        });
    }
}
