namespace FlowRL.Models;

/// <summary>
/// What a family's checkpoints call the weights. The defaults are those of Hugging Face's Llama, which most families share; a family says
/// what differs. Inside a layer, matrices and norms stand without <c>.weight</c> and <c>.bias</c>.
/// </summary>
public sealed record WeightNames
{
    private const string Weight = ".weight";
    private const string Bias = ".bias";

    /// <summary>The names that most families share.</summary>
    public static WeightNames Plain { get; } = new();

    /// <summary>(V, D) the embedding.</summary>
    public string Embedding { get; init; } = "model.embed_tokens.weight";

    /// <summary>(D) the norm after the last layer.</summary>
    public string FinalNorm { get; init; } = "model.norm.weight";

    /// <summary>(V, D) the rows that turn hidden states into logits, where they are not the embedding.</summary>
    public string Head { get; init; } = "lm_head.weight";

    /// <summary>What a layer's names begin with, up to its number.</summary>
    public string Layers { get; init; } = "model.layers.";

    /// <summary>The norm before attention.</summary>
    public string InputNorm { get; init; } = "input_layernorm";

    /// <summary>The norm of what attention gives, where there is one.</summary>
    public string AttentionOutputNorm { get; init; } = "post_attention_layernorm";

    public string Query { get; init; } = "self_attn.q_proj";

    public string Key { get; init; } = "self_attn.k_proj";

    public string Value { get; init; } = "self_attn.v_proj";

    /// <summary>The one matrix that has the rows of queries, then those of keys, then those of values; null where each has its own.</summary>
    public string? QueryKeyValue { get; init; }

    public string Output { get; init; } = "self_attn.o_proj";

    /// <summary>(H) the scores of the heads' sinks, where there are some.</summary>
    public string Sinks { get; init; } = "self_attn.sinks";

    public string QueryNorm { get; init; } = "self_attn.q_norm";

    public string KeyNorm { get; init; } = "self_attn.k_norm";

    /// <summary>The norm before the feed-forward block.</summary>
    public string PostNorm { get; init; } = "post_attention_layernorm";

    /// <summary>The norm of what the feed-forward block gives, where there is one.</summary>
    public string FeedForwardOutputNorm { get; init; } = "post_feedforward_layernorm";

    public string Gate { get; init; } = "mlp.gate_proj";

    public string Up { get; init; } = "mlp.up_proj";

    /// <summary>The one matrix that has the rows of gates, then those of ups; null where each has its own.</summary>
    public string? GateUp { get; init; }

    public string Down { get; init; } = "mlp.down_proj";

    /// <summary>(E, D) the matrix that chooses experts, where there are some.</summary>
    public string Router { get; init; } = "mlp.gate";

    /// <summary>What the names of experts begin with.</summary>
    public string Experts { get; init; } = "mlp.experts";

    /// <summary>What the names of weights begin with that a checkpoint may hold although the text model has no use for them.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Whether matrices are rows of one.</summary>
    internal bool FusesMatrices => QueryKeyValue is not null || GateUp is not null;

    /// <summary>A layer's matrix as modules are called: without the layer and without <c>.weight</c>.</summary>
    public string Of(Projection projection) => projection switch
    {
        Projection.QProj => QueryKeyValue ?? Query,
        Projection.KProj => QueryKeyValue ?? Key,
        Projection.VProj => QueryKeyValue ?? Value,
        Projection.OProj => Output,
        Projection.GateProj => GateUp ?? Gate,
        Projection.UpProj => GateUp ?? Up,
        Projection.DownProj => Down,
        _ => throw new ArgumentOutOfRangeException(nameof(projection), projection, "There is no such matrix."),
    };

    /// <summary>The whole name of a layer's weight that has no such end.</summary>
    internal string BareInLayer(int layer, string name) => $"{Layers}{layer}.{name}";

    /// <summary>The whole name of a matrix or norm of a layer.</summary>
    internal string InLayer(int layer, string name) => $"{Layers}{layer}.{name}{Weight}";

    /// <summary>The whole name of the bias that goes with a matrix of a layer.</summary>
    internal string BiasInLayer(int layer, string name) => $"{Layers}{layer}.{name}{Bias}";

    /// <summary>The module that a weight belongs to: its name without <c>.weight</c>; null for biases and for whatever else has no such end.</summary>
    internal static string? ModuleOf(string weight) => weight.EndsWith(Weight, StringComparison.Ordinal) ? weight[..^Weight.Length] : null;
}
