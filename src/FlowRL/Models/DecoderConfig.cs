using System.Text.Json.Serialization;

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
    public double RopeTheta { get; init; } = 10000;
    public RopeScaling RopeScaling { get; init; } = RopeScaling.None;
    public bool TiedEmbeddings { get; init; }

    /// <summary>Biases on the query, key and value projections (Qwen2; Llama's <c>attention_bias</c> has one on the output too).</summary>
    public bool QueryKeyValueBias { get; init; }
    public bool OutputBias { get; init; }

    /// <summary>Biases in the feed-forward block (Llama's <c>mlp_bias</c>).</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>RMSNorm on each head's queries and keys before rotation (Qwen3).</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>What the gates of the feed-forward block go through.</summary>
    public GateActivation Gate { get; init; } = GateActivation.Silu;

    /// <summary>What embeddings are multiplied by before the first layer; above 0.</summary>
    public double EmbeddingScale { get; init; } = 1;
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
}
