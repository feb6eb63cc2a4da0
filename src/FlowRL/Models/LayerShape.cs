namespace FlowRL.Models;

/// <summary>What a layer has that its neighbours need not have.</summary>
public sealed record LayerShape
{
    /// <summary>Attention over all that came before, heads that turn as the model's do, the model's feed-forward block.</summary>
    public static LayerShape Plain { get; } = new();

    /// <summary>What mixes tokens with each other.</summary>
    public LayerMixing Mixing { get; init; }

    /// <summary>Keys that a query sees at most, its own included; null for all.</summary>
    public int? Window { get; init; }

    /// <summary>Whether heads turn with their position.</summary>
    public bool Turns { get; init; } = true;

    /// <summary>How they turn; null for the model's own rule.</summary>
    public RotaryRule? Rotary { get; init; }

    /// <summary>Whether the feed-forward block is plain although the model has experts.</summary>
    public bool IsDense { get; init; }

    /// <summary>The list that says the same in the shortest way: none where all layers are plain.</summary>
    public static IReadOnlyList<LayerShape> Listed(IEnumerable<LayerShape> shapes) =>
        shapes.ToList() is var all && all.TrueForAll(shape => shape == Plain) ? [] : all;
}

/// <summary>What mixes the tokens of a sequence with each other.</summary>
public enum LayerMixing
{
    /// <summary>Softmax attention.</summary>
    Attention,

    /// <summary>A gated convolution over the last few tokens (LFM2).</summary>
    ShortConvolution,

    /// <summary>A gated delta rule: a matrix a head that each token decays and corrects (arXiv 2412.06464; Qwen3.5).</summary>
    DeltaRule,
}

/// <summary>The sizes of layers that mix by the gated delta rule.</summary>
/// <param name="KeyHeads">Heads of queries and keys.</param>
/// <param name="ValueHeads">Heads of values, a multiple of <paramref name="KeyHeads"/>.</param>
/// <param name="KeyWidth">Numbers of a query or key.</param>
/// <param name="ValueWidth">Numbers of a value.</param>
/// <param name="Taps">Tokens that the convolution before it sees, its own included.</param>
public sealed record DeltaRuleShape(int KeyHeads, int ValueHeads, int KeyWidth, int ValueWidth, int Taps);
