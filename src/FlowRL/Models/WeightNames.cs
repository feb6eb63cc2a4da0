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

    public string Query { get; init; } = "self_attn.q_proj";

    public string Key { get; init; } = "self_attn.k_proj";

    public string Value { get; init; } = "self_attn.v_proj";

    public string Output { get; init; } = "self_attn.o_proj";

    public string QueryNorm { get; init; } = "self_attn.q_norm";

    public string KeyNorm { get; init; } = "self_attn.k_norm";

    /// <summary>The norm before the feed-forward block.</summary>
    public string PostNorm { get; init; } = "post_attention_layernorm";

    public string Gate { get; init; } = "mlp.gate_proj";

    public string Up { get; init; } = "mlp.up_proj";

    public string Down { get; init; } = "mlp.down_proj";

    /// <summary>A layer's matrix as modules are called: without the layer and without <c>.weight</c>.</summary>
    public string Of(Projection projection) => projection switch
    {
        Projection.QProj => Query,
        Projection.KProj => Key,
        Projection.VProj => Value,
        Projection.OProj => Output,
        Projection.GateProj => Gate,
        Projection.UpProj => Up,
        Projection.DownProj => Down,
        _ => throw new ArgumentOutOfRangeException(nameof(projection), projection, "There is no such matrix."),
    };

    /// <summary>The whole name of a matrix or norm of a layer.</summary>
    internal string InLayer(int layer, string name) => $"{Layers}{layer}.{name}{Weight}";

    /// <summary>The whole name of the bias that goes with a matrix of a layer.</summary>
    internal string BiasInLayer(int layer, string name) => $"{Layers}{layer}.{name}{Bias}";

    /// <summary>The module that a weight belongs to: its name without <c>.weight</c>; null for biases and for whatever else has no such end.</summary>
    internal static string? ModuleOf(string weight) => weight.EndsWith(Weight, StringComparison.Ordinal) ? weight[..^Weight.Length] : null;
}
