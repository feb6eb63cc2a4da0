namespace FlowRL.Tasks.Planning.Pddl;

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
