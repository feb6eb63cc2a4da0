using System.Numerics;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>One call of a library function: what it is called on, and its arguments by the places of its parameters.</summary>
internal sealed class Invocation
{
    private readonly LibraryFunction _function;
    private readonly Value?[] _bound;

    public Invocation(Interpreter interpreter, LibraryFunction function, Value self, Arguments arguments)
    {
        (Interpreter, _function, Self, All) = (interpreter, function, self, arguments);
        _bound = function.Parameters is { } parameters ? Bind(parameters) : [];
    }

    public Interpreter Interpreter { get; }

    public Budget Budget => Interpreter.Budget;

    /// <summary>What is filtered or tested, or whose method it is.</summary>
    public Value Self { get; }

    /// <summary>The arguments as they were given.</summary>
    public Arguments All { get; }

    /// <summary>Self as text, as most filters of texts take it.</summary>
    public TracedText Text => Representation.Of(Self, Budget);

    /// <summary>An argument; null where it was left out.</summary>
    public Value? this[int i] => _bound[i];

    public TracedText TextOf(int i) => Representation.Of(_bound[i]!, Budget);

    public bool Flag(int i, bool otherwise = false) => _bound[i]?.IsTrue ?? otherwise;

    /// <summary>An integer, cut to what an <c>int</c> holds; none counts as left out.</summary>
    public int Integer(int i, int otherwise) => _bound[i] is null or NoneValue ? otherwise : Integer(_bound[i]!);

    public static int Integer(Value value) => value is UndefinedValue undefined ? throw undefined.Used()
        : Numbers.IntegerOf(value) is { } number ? (int)BigInteger.Max(int.MinValue, BigInteger.Min(number, int.MaxValue))
        : throw JinjaException.Type($"'{value.TypeName}' object cannot be interpreted as an integer");

    /// <summary>A text argument that must be one; null where it is none or left out.</summary>
    public TracedText? StringOrNone(int i, string words) => _bound[i] switch
    {
        null or NoneValue => null,
        StringValue text => text.Text,
        _ => throw JinjaException.Type(words),
    };

    public TracedText String(int i) => (_bound[i] as StringValue)?.Text
        ?? throw JinjaException.Type($"{_function.Name}() argument {i + 1} must be str, not {_bound[i]!.TypeName}");

    /// <summary>A text of the same kind as self: safe where that is.</summary>
    public Value Like(TracedText text) => new StringValue(text, Self is StringValue { IsSafe: true });

    private Value?[] Bind(string[] parameters)
    {
        var bound = new Value?[parameters.Length];
        if (All.Positional.Count > parameters.Length)
            throw JinjaException.Type($"{_function.Name}() takes at most {parameters.Length} arguments ({All.Positional.Count} given)");
        for (var i = 0; i < All.Positional.Count; i++) bound[i] = All.Positional[i];
        foreach (var (name, value) in All.Named)
        {
            var at = Array.IndexOf(parameters, name);
            if (at < 0) throw JinjaException.Type($"{_function.Name}() got an unexpected keyword argument '{name}'");
            if (bound[at] is not null) throw JinjaException.Type($"{_function.Name}() got multiple values for argument '{name}'");
            bound[at] = value;
        }
        var missing = Array.FindIndex(bound, 0, _function.Required, value => value is null);
        return missing < 0 ? bound : throw JinjaException.Type($"{_function.Name}() missing 1 required positional argument: '{parameters[missing]}'");
    }
}
