namespace FlowRL.Verifiers.Planning;

/// <summary>A world: types, predicates and actions.</summary>
internal sealed record PlanningDomain(string Name, IReadOnlyDictionary<string, PlanAction> Actions)
{
    /// <summary>The type that each type is a kind of; all are a kind of <c>object</c>.</summary>
    public required IReadOnlyDictionary<string, string> Types { get; init; }

    /// <summary>The types of each predicate's arguments.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Predicates { get; init; }

    /// <summary>Objects that every problem has, with their types.</summary>
    public required IReadOnlyDictionary<string, string> Constants { get; init; }

    /// <summary>Whether a thing of one type is also of another.</summary>
    public bool IsKindOf(string type, string wanted)
    {
        for (var steps = 0; steps <= Types.Count; steps++)
        {
            if (type == wanted) return true;
            if (!Types.TryGetValue(type, out var parent)) break;
            type = parent;
        }
        return wanted == "object";
    }
}

/// <summary>A problem of a domain: its objects with their types, what holds at first, and what is to hold.</summary>
internal sealed record PlanningProblem(
    PlanningDomain Domain, string Name, IReadOnlyDictionary<string, string> Objects, IReadOnlySet<Fact> Initial, IReadOnlyList<Literal> Goal);

/// <summary>What can be done: an action's definition.</summary>
/// <param name="Name">In lower case.</param>
/// <param name="Parameters">Each with the type that its argument must have.</param>
/// <param name="Precondition">What must hold, or must not.</param>
/// <param name="Effect">What holds afterwards, or does not any more.</param>
internal sealed record PlanAction(
    string Name, IReadOnlyList<(string Name, string Type)> Parameters, IReadOnlyList<Literal> Precondition, IReadOnlyList<Literal> Effect)
{
    /// <summary>The arguments by parameter.</summary>
    public Dictionary<string, string> Bind(IReadOnlyList<string> arguments) =>
        Parameters.Zip(arguments).ToDictionary(pair => pair.First.Name, pair => pair.Second);
}

/// <summary>A predicate with its arguments: objects, or in an action's definition also parameters (<c>?x</c>).</summary>
/// <param name="Text">As PDDL writes it, in lower case with single spaces: <c>(on a b)</c>.</param>
internal readonly record struct Fact(string Text)
{
    public static Fact Of(IEnumerable<string> words) => new($"({string.Join(' ', words)})");

    public IReadOnlyList<string> Words => Text[1..^1].Split(' ');

    /// <summary>The fact with parameters replaced.</summary>
    public Fact With(IReadOnlyDictionary<string, string> arguments) => Of(Words.Select(word => arguments.GetValueOrDefault(word, word)));
}

/// <summary>That a fact holds, or that it does not.</summary>
internal readonly record struct Literal(Fact Fact, bool IsPositive);
