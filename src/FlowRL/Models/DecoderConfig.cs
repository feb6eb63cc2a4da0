using System.Text.Json.Serialization;
using FlowRL.Models.Attention;

namespace FlowRL.Models;

/// <summary>
/// The description of a decoder-only transformer: what decoder, engines, adapters, files and estimates read, whatever family it comes from.
/// Beyond sizes and ids, what is not at its default is a part that each of them must know (<see cref="DecoderPart"/>).
/// </summary>
public sealed record DecoderConfig
{
    /// <summary>The family in whose words files say it, such as <c>llama</c>.</summary>
    public required string ModelType { get; init; }
    public required int VocabularySize { get; init; }
    public required int Width { get; init; }
    public required int FeedForwardWidth { get; init; }
    public required int Layers { get; init; }
    public required int Heads { get; init; }
    public required int KeyValueHeads { get; init; }
    public required int HeadWidth { get; init; }
    public required int ContextLength { get; init; }
    public float NormEpsilon { get; init; } = 1e-6f;

    /// <summary>Base of the rotary frequencies.</summary>
    public double RopeTheta { get; init; } = 10000;
    public RopeScaling RopeScaling { get; init; } = RopeScaling.None;

    /// <summary>The first numbers of a head that turn, an even count; null for all.</summary>
    public int? RotatedWidth { get; init; }

    /// <summary>How queries grow with their position; null where they do not.</summary>
    public QueryGrowth? QueryGrowth { get; init; }
    public bool TiedEmbeddings { get; init; }

    /// <summary>What differs from layer to layer, one for each; empty where all are <see cref="LayerShape.Plain"/>.</summary>
    public IReadOnlyList<LayerShape> LayerShapes { get; init; } = [];

    /// <summary>Where the norms of a layer stand.</summary>
    public NormPlacement Norms { get; init; }

    /// <summary>Whether norms multiply by 1 + w in place of w.</summary>
    public bool NormsAddOne { get; init; }

    /// <summary>Biases on the query, key and value projections (Qwen2; Llama's <c>attention_bias</c> has one on the output too).</summary>
    public bool QueryKeyValueBias { get; init; }
    public bool OutputBias { get; init; }

    /// <summary>Biases in the feed-forward block (Llama's <c>mlp_bias</c>).</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>RMSNorm on queries and keys before rotation.</summary>
    public QueryKeyNorm QueryKeyNorm { get; init; }

    /// <summary>What scores are multiplied by; null for 1/√Dh of the head's width.</summary>
    public double? AttentionScale { get; init; }

    /// <summary>c of c · tanh(score / c), above 0; null for none.</summary>
    public double? AttentionSoftCap { get; init; }

    /// <summary>Whether each head has one more score, whose weight goes to nothing.</summary>
    public bool AttentionSinks { get; init; }

    /// <summary>Whether a sigmoid gates what attention gives: each head's rows of the query projection are followed by as many of its gate.</summary>
    public bool OutputGate { get; init; }

    /// <summary>What the gates of the feed-forward block go through.</summary>
    public GateActivation Gate { get; init; } = GateActivation.Silu;

    /// <summary>The feed-forward blocks of experts; null for plain ones.</summary>
    public ExpertShape? Experts { get; init; }

    /// <summary>Tokens that a short convolution sees, its own included; 0 where no layer has one.</summary>
    public int ConvolutionTaps { get; init; }

    /// <summary>The layers that mix by the delta rule; null where none does.</summary>
    public DeltaRuleShape? DeltaRule { get; init; }

    /// <summary>What embeddings are multiplied by before the first layer; above 0.</summary>
    public double EmbeddingScale { get; init; } = 1;

    /// <summary>What a layer's two branches are multiplied by before they are added to the residual stream; above 0.</summary>
    public double ResidualScale { get; init; } = 1;

    /// <summary>What logits are divided by; above 0.</summary>
    public double LogitDivisor { get; init; } = 1;

    /// <summary>c of c · tanh(logit / c), above 0; null for none.</summary>
    public double? FinalSoftCap { get; init; }
    public IReadOnlyList<int> EndOfSequenceIds { get; init; } = [];
    public int? BeginOfSequenceId { get; init; }
    public int? PaddingId { get; init; }
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>
    /// How many ids the tokenizer has, which are the first of the vocabulary; null for all. The rows behind them only fill matrices up to
    /// a round size: no probability goes to them, in sampling, scoring and training alike.
    /// </summary>
    [JsonIgnore]
    public int? TokenizerSize { get; init; }

    /// <summary>Ids that can be drawn are below this.</summary>
    [JsonIgnore]
    public int DrawnTokens => TokenizerSize ?? VocabularySize;

    /// <summary>What checkpoints call the weights.</summary>
    [JsonIgnore]
    public WeightNames Names { get; init; } = WeightNames.Plain;

    /// <summary>What a layer has that its neighbours need not have.</summary>
    internal LayerShape ShapeOf(int layer) => layer < 0 || layer >= Layers
        ? throw new ArgumentOutOfRangeException(nameof(layer), layer, $"There are {Layers} layers.")
        : LayerShapes.Count == 0 ? LayerShape.Plain : LayerShapes[layer];

    /// <summary>The experts of a layer; null where its feed-forward block is plain.</summary>
    internal ExpertShape? ExpertsOf(int layer) => ShapeOf(layer).IsDense ? null : Experts;

    /// <summary>What the weights of its norms are.</summary>
    internal WeightRole NormRole() => NormsAddOne ? WeightRole.ShiftedNorm : WeightRole.Norm;

    /// <summary>What the queries of a layer see.</summary>
    internal AttentionRule AttentionOf(int layer) => new()
    {
        Window = ShapeOf(layer).Window,
        Scale = AttentionScale,
        SoftCap = AttentionSoftCap,
        HasSinks = AttentionSinks,
    };

    /// <summary>How the heads of a layer turn; null where they do not.</summary>
    internal RotaryRule? RotaryOf(int layer) => ShapeOf(layer) is { Turns: true, Mixing: LayerMixing.Attention } shape
        ? shape.Rotary ?? new RotaryRule(RotatedWidth ?? HeadWidth, RopeTheta, RopeScaling) : null;
}
