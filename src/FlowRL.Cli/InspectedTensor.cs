namespace FlowRL.Cli;

/// <summary>One stored tensor.</summary>
internal sealed record InspectedTensor(string Name, string Type, IReadOnlyList<long> Shape);
