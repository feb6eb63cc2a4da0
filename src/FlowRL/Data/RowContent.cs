using FlowRL.Tokenization;

namespace FlowRL.Data;

/// <summary>What a row says.</summary>
/// <param name="Prompt">What the model reads.</param>
/// <param name="Answer">What responses are checked against, in the task's notation.</param>
/// <param name="Id">What the row calls itself; null where it has no name.</param>
/// <param name="Solution">A worked solution; null where there is none.</param>
public sealed record RowContent(Prompt Prompt, string Answer, string? Id, string? Solution);
