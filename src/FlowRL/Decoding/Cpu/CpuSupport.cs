using FlowRL.Models;
using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

/// <summary>Which descriptions the kernels of the CPU engine and its scorer compute.</summary>
internal static class CpuSupport
{
    private static readonly DecoderPart[] KnownParts =
    [
        DecoderPart.QueryKeyValueBias, DecoderPart.OutputBias, DecoderPart.FeedForwardBias, DecoderPart.QueryKeyNorm, DecoderPart.EmbeddingScale,
    ];

    /// <summary>Why they cannot compute a model, as a part of a sentence, such as "gates with gelu"; null where they can.</summary>
    public static string? Obstacle(DecoderConfig config)
    {
        var width = Lanes(config) > 0 ? null : $"the head width {config.HeadWidth} is no multiple of 8";
        var obstacles = new[] { DecoderParts.Unknown(config, KnownParts), width }.OfType<string>().ToList();
        return obstacles.Count == 0 ? null : string.Join(", ", obstacles);
    }

    /// <summary>Lanes of the widest registers of the machine of which half a head is a whole number; 0 where there are none.</summary>
    public static int Lanes(DecoderConfig config) => Vectors.Lanes(config.HeadWidth / 2);
}
