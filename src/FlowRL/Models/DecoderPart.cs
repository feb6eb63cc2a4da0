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

    [Description("gates with gelu")]
    GeluGate,

    [Description("an embedding scale")]
    EmbeddingScale,
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
        if (config.QueryKeyNorm) yield return DecoderPart.QueryKeyNorm;
        if (Of(config.Gate) is { } gate) yield return gate;
        if (config.EmbeddingScale != 1) yield return DecoderPart.EmbeddingScale;
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

    private static DecoderPart? Of(GateActivation gate) => gate switch
    {
        GateActivation.Silu => null,
        GateActivation.GeluTanh => DecoderPart.GeluGate,
        _ => throw new ArgumentOutOfRangeException(nameof(gate), gate, "This gate is no part yet."),
    };

    private static string Words(DecoderPart part) =>
        typeof(DecoderPart).GetField(part.ToString())!.GetCustomAttribute<DescriptionAttribute>()!.Description;
}
