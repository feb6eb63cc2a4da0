using FlowRL.Checkpoints.Gguf.Families;
using FlowRL.Models;

namespace FlowRL.Checkpoints.Gguf;

/// <summary>What llama.cpp calls the weights of a model, and what has to be done to their numbers.</summary>
internal sealed class GgufNames(GgufFamily family, DecoderConfig config)
{
    private const string Weight = ".weight";
    private const string Bias = ".bias";

    /// <summary>Tensors of files that are no weights: tables that are computed from the description.</summary>
    public static bool IsTable(string tensor) => tensor == ScalingRule.Table;

    /// <summary>The place in a GGUF file of a weight with this Hugging Face name; null where the architecture has none.</summary>
    public GgufPlace? Of(string weight)
    {
        var names = config.Names;
        if (weight == names.Embedding) return new GgufPlace(PlainRules.Embedding);
        if (weight == names.FinalNorm) return new GgufPlace(PlainRules.FinalNorm);
        if (weight == names.Head) return new GgufPlace(PlainRules.Head);
        if (!weight.StartsWith(names.Layers, StringComparison.Ordinal)) return null;
        var inLayer = weight[names.Layers.Length..];
        var (dot, end) = (inLayer.IndexOf('.', StringComparison.Ordinal), inLayer.EndsWith(Bias, StringComparison.Ordinal) ? Bias : Weight);
        if (dot < 0 || inLayer.Length < dot + 1 + end.Length || !inLayer.EndsWith(end, StringComparison.Ordinal)) return null;
        var module = inLayer[(dot + 1)..^end.Length];
        return !family.LayerNames.TryGetValue(module, out var tensor) ? null : new GgufPlace($"blk.{inLayer[..dot]}.{tensor}{end}")
        {
            RotatedHeads = !family.NeighbouringPairs ? 0 : module == names.Query ? config.Heads : module == names.Key ? config.KeyValueHeads : 0,
        };
    }
}

/// <summary>Where a weight lies in a GGUF file, and how its numbers differ there.</summary>
/// <param name="Tensor">The tensor's name.</param>
internal sealed record GgufPlace(string Tensor)
{
    /// <summary>The heads whose rows stand in rotated pairs; 0 where rows are as Hugging Face has them.</summary>
    public int RotatedHeads { get; init; }
}
