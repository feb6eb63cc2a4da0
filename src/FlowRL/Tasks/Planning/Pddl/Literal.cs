namespace FlowRL.Tasks.Planning.Pddl;

/// <summary>That a fact holds, or that it does not.</summary>
internal readonly record struct Literal(Fact Fact, bool IsPositive);
