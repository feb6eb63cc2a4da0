namespace FlowRL.Objectives;

/// <summary>What a whole rollout batch is credited with.</summary>
/// <param name="Credits">One for each response, in the order of the input.</param>
/// <param name="Metrics">Of the whole rollout batch, e.g. the share of groups whose rewards are all equal.</param>
public sealed record CreditAssignment(IReadOnlyList<Credit> Credits, IReadOnlyDictionary<string, double> Metrics);
