namespace FlowRL.Cli;

/// <summary>Adapters in place of a whole model.</summary>
internal sealed record InspectedAdapter(string? BaseModel, int Rank, double Alpha, IReadOnlyList<string> TargetModules);
