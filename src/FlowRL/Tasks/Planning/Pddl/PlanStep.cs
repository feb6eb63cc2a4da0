namespace FlowRL.Tasks.Planning.Pddl;

/// <summary>An action with its arguments.</summary>
internal readonly record struct PlanStep(string Action, IReadOnlyList<string> Arguments)
{
    public override string ToString() => Arguments.Count == 0 ? $"({Action})" : $"({Action} {string.Join(' ', Arguments)})";
}
