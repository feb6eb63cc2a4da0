namespace FlowRL.Models;

/// <summary>What a description costs beside its weights, for estimates and rooflines.</summary>
internal static class DecoderCosts
{
    /// <summary>Numbers that the cache keeps of one token: its keys and values in every layer that attends.</summary>
    public static double CacheNumbers(DecoderConfig config) => 2.0 * Attending(config) * config.KeyValueHeads * config.HeadWidth;

    /// <summary>
    /// Floating-point operations of attention for each token that one token sees, in every layer that attends and every head: a product and a sum
    /// for each number of the key for the score, and the same for the value.
    /// </summary>
    public static double AttentionFlops(DecoderConfig config) => 4.0 * Attending(config) * config.Heads * config.HeadWidth;

    private static int Attending(DecoderConfig config) =>
        Enumerable.Range(0, config.Layers).Count(layer => config.ShapeOf(layer).Mixing == LayerMixing.Attention);
}
