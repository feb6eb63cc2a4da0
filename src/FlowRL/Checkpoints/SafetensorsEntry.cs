using static TorchSharp.torch;

namespace FlowRL.Checkpoints;

/// <summary>
/// One tensor of a safetensors file: its type, its shape, and its bytes as [<paramref name="Begin"/>, <paramref name="End"/>) counted
/// from the end of the header.
/// </summary>
public sealed record SafetensorsEntry(string Name, ScalarType Type, IReadOnlyList<long> Shape, long Begin, long End);
