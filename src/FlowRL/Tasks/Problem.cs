using FlowRL.Tokenization;

namespace FlowRL.Tasks;

/// <summary>A prompt and what its answer is checked against.</summary>
/// <param name="Id">Unique within the task and stable between versions of the data.</param>
/// <param name="Prompt">What the model reads.</param>
/// <param name="Reference">What the task's verifier compares with, in the task's own notation.</param>
public sealed record Problem(string Id, Prompt Prompt, string Reference);
