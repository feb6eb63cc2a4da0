using System.Text.Json.Serialization;

namespace FlowRL.Models;

/// <summary>The shape of a decoder-only transformer of the Llama, Qwen2 or Qwen3 family, as its <c>config.json</c> gives it.</summary>
public sealed record DecoderConfig
{
    /// <summary><c>llama</c>, <c>qwen2</c> or <c>qwen3</c>.</summary>
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
    public IReadOnlyList<int> EndOfSequenceIds { get; init; } = [];
    public int? BeginOfSequenceId { get; init; }
    public int? PaddingId { get; init; }
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>What checkpoints call the weights.</summary>
    [JsonIgnore]
    public WeightNames Names { get; init; } = WeightNames.Plain;
}
