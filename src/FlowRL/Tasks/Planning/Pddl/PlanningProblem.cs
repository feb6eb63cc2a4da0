namespace FlowRL.Tasks.Planning.Pddl;

/// <summary>A problem of a domain: its objects with their types, what holds at first, and what is to hold.</summary>
internal sealed record PlanningProblem(
    PlanningDomain Domain, string Name, IReadOnlyDictionary<string, string> Objects, IReadOnlySet<Fact> Initial, IReadOnlyList<Literal> Goal);
