using System.ComponentModel;
using System.Reflection;

namespace FlowRL.Models;

/// <summary>
/// What a description can ask for beyond the plain decoder: norms before attention and before a feed-forward block gated with silu, heads
/// that are rotated whole, attention over all that came before, no biases. Whoever computes a decoder states which of these it knows and
/// declines the others by name, so that a new one is known nowhere until it is computed there.
/// </summary>
internal enum DecoderPart
{
    [Description("biases on queries, keys and values")]
    QueryKeyValueBias,

    [Description("a bias on the attention's output")]
    OutputBias,

    [Description("biases in the feed-forward block")]
    FeedForwardBias,

    [Description("norms on each head's queries and keys")]
    QueryKeyNorm,

    [Description("norms on the queries and keys of all heads together")]
    WholeQueryKeyNorm,

    [Description("gates with gelu")]
    GeluGate,

    [Description("an embedding scale")]
    EmbeddingScale,

    [Description("attention within windows")]
    Window,

    [Description("heads that turn in part")]
    PartialRotation,

    [Description("layers whose heads turn otherwise, or not at all")]
    RotationOfLayers,

    [Description("rotary factors for short and for long sequences")]
    LongRope,

    [Description("queries that grow with their position")]
    QueryGrowth,

    [Description("norms after attention and the feed-forward block")]
    NormsAfter,

    [Description("norms by 1 + w")]
    NormsAddOne,

    [Description("an attention scale")]
    AttentionScale,

    [Description("a soft cap on attention's scores")]
    AttentionSoftCap,

    [Description("attention sinks")]
    AttentionSinks,

    [Description("gates on the attention's output")]
    OutputGate,

    [Description("a residual scale")]
    ResidualScale,

    [Description("a divisor of logits")]
    LogitDivisor,

    [Description("a soft cap on logits")]
    FinalSoftCap,

    [Description("matrices that are rows of one")]
    FusedMatrices,

    [Description("experts")]
    Experts,

    [Description("experts in one tensor")]
    StackedExperts,

    [Description("short convolutions")]
    ShortConvolution,

    [Description("a delta rule")]
    DeltaRule,
}

/// <summary>Which parts a description has, and what is said of those that somebody does not know.</summary>
internal static class DecoderParts
{
    /// <summary>The parts that <paramref name="config"/> asks for.</summary>
    public static IEnumerable<DecoderPart> Of(DecoderConfig config)
    {
        if (config.QueryKeyValueBias) yield return DecoderPart.QueryKeyValueBias;
        if (config.OutputBias) yield return DecoderPart.OutputBias;
        if (config.FeedForwardBias) yield return DecoderPart.FeedForwardBias;
        if (Of(config.QueryKeyNorm) is { } norm) yield return norm;
        if (Of(config.Gate) is { } gate) yield return gate;
        if (config.EmbeddingScale != 1) yield return DecoderPart.EmbeddingScale;
        if (config.LayerShapes.Any(shape => shape.Window is not null)) yield return DecoderPart.Window;
        if (config.RotatedWidth is not null) yield return DecoderPart.PartialRotation;
        if (config.LayerShapes.Any(shape => !shape.Turns || shape.Rotary is not null)) yield return DecoderPart.RotationOfLayers;
        if (config.RopeScaling is RopeScaling.LongRope) yield return DecoderPart.LongRope;
        if (config.QueryGrowth is not null) yield return DecoderPart.QueryGrowth;
        if (config.Norms != NormPlacement.Before) yield return DecoderPart.NormsAfter;
        if (config.NormsAddOne) yield return DecoderPart.NormsAddOne;
        if (config.AttentionScale is not null) yield return DecoderPart.AttentionScale;
        if (config.AttentionSoftCap is not null) yield return DecoderPart.AttentionSoftCap;
        if (config.AttentionSinks) yield return DecoderPart.AttentionSinks;
        if (config.OutputGate) yield return DecoderPart.OutputGate;
        if (config.ResidualScale != 1) yield return DecoderPart.ResidualScale;
        if (config.LogitDivisor != 1) yield return DecoderPart.LogitDivisor;
        if (config.FinalSoftCap is not null) yield return DecoderPart.FinalSoftCap;
        if (config.Names.FusesMatrices) yield return DecoderPart.FusedMatrices;
        if (config.Experts is { } experts) yield return experts.AreStacked ? DecoderPart.StackedExperts : DecoderPart.Experts;
        if (config.LayerShapes.Any(shape => shape.Mixing == LayerMixing.ShortConvolution)) yield return DecoderPart.ShortConvolution;
        if (config.LayerShapes.Any(shape => shape.Mixing == LayerMixing.DeltaRule)) yield return DecoderPart.DeltaRule;
    }

    /// <summary>The words of the parts that are asked for and not <paramref name="known"/>, such as "gates with gelu"; null where all are known.</summary>
    public static string? Unknown(DecoderConfig config, params IReadOnlyCollection<DecoderPart> known)
    {
        var unknown = Of(config).Except(known).Select(Words).ToList();
        return unknown.Count == 0 ? null : string.Join(", ", unknown);
    }

    /// <exception cref="BadInputException">The model has a part that is not <paramref name="known"/>.</exception>
    public static void Require(string whoComputes, DecoderConfig config, params IReadOnlyCollection<DecoderPart> known)
    {
        if (Unknown(config, known) is { } words)
            throw new BadInputException($"{whoComputes} cannot compute a model of the family '{config.ModelType}' with {words}; choose another model.");
    }

    private static DecoderPart? Of(QueryKeyNorm norm) => norm switch
    {
        QueryKeyNorm.None => null,
        QueryKeyNorm.EachHead => DecoderPart.QueryKeyNorm,
        QueryKeyNorm.AllHeads => DecoderPart.WholeQueryKeyNorm,
        _ => throw new ArgumentOutOfRangeException(nameof(norm), norm, "This norm is no part yet."),
    };

    private static DecoderPart? Of(GateActivation gate) => gate switch
    {
        GateActivation.Silu => null,
        GateActivation.GeluTanh => DecoderPart.GeluGate,
        _ => throw new ArgumentOutOfRangeException(nameof(gate), gate, "This gate is no part yet."),
    };

    private static string Words(DecoderPart part) =>
        typeof(DecoderPart).GetField(part.ToString())!.GetCustomAttribute<DescriptionAttribute>()!.Description;
}
