namespace FlowRL.Tokenization.Templates.Jinja.Values;

/// <summary>What a call hands over.</summary>
internal sealed record Arguments(IReadOnlyList<Value> Positional, IReadOnlyList<(string Name, Value Value)> Named)
{
    public static Arguments None { get; } = new([], []);

    /// <summary>Without the first positional ones.</summary>
    public Arguments From(int first) => this with { Positional = [.. Positional.Skip(first)] };

    public Value? Find(string name) => Named.FirstOrDefault(argument => argument.Name == name).Value;
}

/// <summary>A function of the library, or a method with what it is a method of.</summary>
internal sealed class FunctionValue(string name, Func<Arguments, Value> invoke, string typeName = "function") : Value
{
    public string Name { get; } = name;

    public override string TypeName => typeName;

    public Value Invoke(Arguments arguments) => invoke(arguments);
}

/// <summary>A macro, or the body of a call block, which the called macro knows as <c>caller</c>.</summary>
internal sealed class MacroValue(Syntax.MacroDefinition definition, Scope closure) : Value
{
    public Syntax.MacroDefinition Definition { get; } = definition;

    /// <summary>What it sees besides its arguments, as it is when it is called.</summary>
    public Scope Closure { get; } = closure;

    public string Name => Definition.Name;

    public override string TypeName => "Macro";
}

/// <summary>The variable <c>loop</c>: where a loop stands, looking ahead only where it is asked to.</summary>
/// <param name="items">What it goes through.</param>
/// <param name="count">How many these are, where that is known before they are gone through.</param>
/// <param name="depth">How many recursive loops it is in.</param>
/// <param name="budget">Bounds what is read ahead.</param>
internal sealed class LoopValue(IEnumerable<Value> items, int? count, int depth, Budget budget) : Value
{
    private IEnumerator<Value> _rest = items.GetEnumerator();
    private Value? _before;
    private Value? _current;
    private (bool IsPeeked, Value? Item) _after;
    private int? _length = count;

    public override string TypeName => "LoopContext";

    public int Index0 { get; private set; } = -1;

    public int Depth { get; } = depth;

    /// <summary>What the loop last was asked to compare, of <c>loop.changed</c>.</summary>
    public Value? LastChanged { get; set; }

    /// <summary>How a recursive loop renders the items of the next level; null where the loop is not recursive.</summary>
    public Func<Value, Value>? Recurse { get; init; }

    public int Length
    {
        get
        {
            if (_length is { } known) return known;
            // What is filtered or generated has a length only once it has been gone through.
            var rest = new List<Value>();
            for (; _rest.MoveNext(); budget.Size(rest.Count)) rest.Add(_rest.Current);
            _rest = rest.GetEnumerator();
            return (_length = rest.Count + Index0 + 1 + (_after is { IsPeeked: true, Item: not null } ? 1 : 0)).Value;
        }
    }

    public bool IsLast => Peek() is null;

    public Value Previous => Index0 <= 0 ? new UndefinedValue("there is no previous item") : _before!;

    public Value Next => Peek() ?? new UndefinedValue("there is no next item");

    public bool MoveNext(out Value item)
    {
        var next = Peek();
        item = next ?? NoneValue.Instance;
        if (next is null) return false;
        _after = default;
        Index0++;
        (_before, _current) = (_current, next);
        return true;
    }

    private Value? Peek()
    {
        if (!_after.IsPeeked) _after = (true, _rest.MoveNext() ? _rest.Current : null);
        return _after.Item;
    }
}
