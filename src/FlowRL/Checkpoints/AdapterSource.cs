using FlowRL.Models;

namespace FlowRL.Checkpoints;

/// <summary>Adapters on disk, not yet loaded: what they are, and the file that holds them. Owns the file.</summary>
internal sealed record AdapterSource(LoraOptions Options, SafetensorsFile Weights);
