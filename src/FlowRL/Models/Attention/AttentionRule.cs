using static TorchSharp.torch;

namespace FlowRL.Models.Attention;

/// <summary>
/// How the queries of a layer see keys, beyond that none sees what comes after it: weights are softmax(c · tanh(s q·k / c)) over the keys in the
/// window, with one more score a head, the sink, whose weight goes to nothing.
/// </summary>
public sealed record AttentionRule
{
    /// <summary>All keys before, s = 1/√Dh, no cap, no sinks.</summary>
    public static AttentionRule Plain { get; } = new();

    /// <summary>Keys that a query sees at most, its own included: key j is seen by query i where i − j &lt; window. At least 1; null for all.</summary>
    public int? Window { get; init; }

    /// <summary>s; null for 1/√Dh of the head's width.</summary>
    public double? Scale { get; init; }

    /// <summary>c, above 0; null for none.</summary>
    public double? SoftCap { get; init; }

    /// <summary>Whether each head has a sink: a weight that is a score, neither scaled nor capped.</summary>
    public bool HasSinks { get; init; }

    /// <summary>s of heads of <paramref name="headWidth"/> numbers.</summary>
    internal float ScaleOf(int headWidth) => Scale is { } scale ? (float)scale : 1 / MathF.Sqrt(headWidth);

    /// <summary>The window for sequences of at most <paramref name="longest"/> tokens; null where it hides nothing of them.</summary>
    internal int? WindowWithin(int longest) => Window < longest ? Window : null;

    /// <summary>The first position that the query at <paramref name="position"/> sees.</summary>
    internal int FirstSeen(int position) => Window is { } window ? Math.Max(0, position - window + 1) : 0;
}

/// <summary>What attention is told of the layer that it computes.</summary>
/// <param name="index">Which layer, from 0 on.</param>
/// <param name="rule">What its queries see.</param>
/// <param name="sinks">(H) scores of the heads' sinks, fp32; null where the rule has none. Borrowed.</param>
public sealed class LayerAttention(int index, AttentionRule rule, Tensor? sinks)
{
    public int Index => index;

    public AttentionRule Rule => rule;

    public Tensor? Sinks => sinks;
}
