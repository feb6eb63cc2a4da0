using FlowRL.Tasks;

namespace FlowRL.Data;

/// <summary>A problem from a file.</summary>
/// <param name="Problem">Prompt and answer.</param>
/// <param name="Solution">A worked solution; null where the row has none.</param>
public sealed record DataProblem(Problem Problem, string? Solution);
