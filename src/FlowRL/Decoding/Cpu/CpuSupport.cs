using FlowRL.Models;
using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

/// <summary>Which descriptions the kernels of the CPU engine and its scorer compute.</summary>
internal static class CpuSupport
{
    private static readonly DecoderPart[] KnownParts =
    [
        DecoderPart.QueryKeyValueBias, DecoderPart.OutputBias, DecoderPart.FeedForwardBias, DecoderPart.QueryKeyNorm, DecoderPart.WholeQueryKeyNorm,
        DecoderPart.GeluGate, DecoderPart.EmbeddingScale, DecoderPart.Window, DecoderPart.PartialRotation, DecoderPart.RotationOfLayers,
        DecoderPart.LongRope, DecoderPart.QueryGrowth, DecoderPart.NormsAfter, DecoderPart.NormsAddOne, DecoderPart.AttentionScale,
        DecoderPart.AttentionSoftCap, DecoderPart.ResidualScale, DecoderPart.LogitDivisor, DecoderPart.FinalSoftCap, DecoderPart.FusedMatrices,
        DecoderPart.Experts,
    ];

    /// <summary>Why they cannot compute a model, as a part of a sentence, such as "gates with gelu"; null where they can.</summary>
    public static string? Obstacle(DecoderConfig config) => DecoderParts.Unknown(config, KnownParts);

    /// <summary>
    /// Lanes of the registers that compute a model: the widest of at least 8 lanes of which the parts of a head are whole numbers, else the widest of the
    /// machine, with zeros in the rest.
    /// </summary>
    public static int Lanes(DecoderConfig config)
    {
        var turned = HeadLayout.Turning(config);
        var fitting = Math.Min(Vectors.Lanes(turned / 2), Vectors.Lanes(config.HeadWidth - turned));
        return fitting >= Math.Min(8, Vectors.Widest) ? fitting : Vectors.Widest;
    }
}
