using System.Globalization;
using FlowRL.Checkpoints.Gguf.Families;
using FlowRL.Models;

namespace FlowRL.Checkpoints.Gguf;

/// <summary>What llama.cpp calls the weights of a model, and how their numbers lie there.</summary>
internal sealed class GgufNames(GgufFamily family, DecoderConfig config)
{
    private const string Weight = ".weight";
    private const string Bias = ".bias";

    /// <summary>The places in a GGUF file of a weight's numbers; none where the architecture has no tensor for it.</summary>
    public IReadOnlyList<GgufPlace> Of(WeightShape weight)
    {
        var names = config.Names;
        var outside = weight.Name == names.Embedding ? PlainRules.Embedding : weight.Name == names.FinalNorm ? family.FinalNorm
            : weight.Name == names.Head ? PlainRules.Head : null;
        if (outside is not null) return [new GgufSite(config, weight, "", "", null).Place(outside, weight.Shape)];
        if (!weight.Name.StartsWith(names.Layers, StringComparison.Ordinal)) return [];
        var inLayer = weight.Name[names.Layers.Length..];
        var dot = inLayer.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0) return [];
        var end = new[] { Weight, Bias }.FirstOrDefault(end => inLayer.EndsWith(end, StringComparison.Ordinal) && inLayer.Length > dot + end.Length) ?? "";
        var (module, expert) = OfExpert(inLayer[(dot + 1)..^end.Length]);
        return family.LayerNames.TryGetValue(module, out var form)
            ? [.. form.Places(new GgufSite(config, weight, $"blk.{inLayer[..dot]}.", end, expert))] : [];
    }

    /// <summary>The module of one expert's matrix as that of all, and whose it is.</summary>
    private (string Module, int? Expert) OfExpert(string module)
    {
        var start = $"{config.Names.Experts}.";
        if (!module.StartsWith(start, StringComparison.Ordinal)) return (module, null);
        var rest = module[start.Length..];
        var dot = rest.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && int.TryParse(rest[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var expert)
            ? ($"{start}*{rest[dot..]}", expert) : (module, null);
    }
}
