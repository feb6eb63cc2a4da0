namespace FlowRL.Objectives;

/// <summary>The credit of every response of a rollout batch, in order, and what is worth logging about it.</summary>
public sealed record CreditAssignment(IReadOnlyList<Credit> Credits, IReadOnlyDictionary<string, double> Metrics);
