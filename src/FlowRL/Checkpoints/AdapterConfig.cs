using FlowRL.Models;

namespace FlowRL.Checkpoints;

/// <summary>What an <c>adapter_config.json</c> says.</summary>
/// <param name="Options">Rank, scale and adapted matrices.</param>
/// <param name="BaseModel">Where the adapted model lies, as the file has it; null where it names none.</param>
public sealed record AdapterConfig(LoraOptions Options, string? BaseModel);
