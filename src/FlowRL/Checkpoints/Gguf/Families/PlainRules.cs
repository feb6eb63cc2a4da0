using FlowRL.Models;

namespace FlowRL.Checkpoints.Gguf.Families;

/// <summary>What the architectures of plain decoders have in common.</summary>
internal static class PlainRules
{
    public const string Embedding = "token_embd.weight";
    public const string FinalNorm = "output_norm.weight";
    public const string Head = "output.weight";

    /// <summary>Sizes, norms, positions, ids.</summary>
    public static IReadOnlyList<GgufRule> All { get; } =
    [
        new VocabularyRule(),
        new WholeRule("context_length", "max_position_embeddings", config => config.ContextLength),
        new WholeRule("embedding_length", "hidden_size", config => config.Width),
        new WholeRule("block_count", "num_hidden_layers", config => config.Layers),
        new WholeRule("feed_forward_length", "intermediate_size", config => config.FeedForwardWidth),
        new WholeRule("attention.head_count", "num_attention_heads", config => config.Heads),
        new WholeRule("attention.head_count_kv", "num_key_value_heads", config => config.KeyValueHeads) { IsOptional = true },
        new HeadWidthRule(),
        new NumberRule("attention.layer_norm_rms_epsilon", "rms_norm_eps", config => config.NormEpsilon),
        new NumberRule("rope.freq_base", "rope_theta", config => config.RopeTheta) { IsOptional = true },
        new ScalingRule(),
        new PresentRule("tie_word_embeddings", Head) { IsTrueWithout = true },
    ];

    /// <summary>A layer's matrices and norms, as most families have them.</summary>
    public static IReadOnlyDictionary<string, GgufForm> LayerNames { get; } = new Dictionary<string, GgufForm>
    {
        ["input_layernorm"] = "attn_norm",
        ["self_attn.q_proj"] = "attn_q",
        ["self_attn.k_proj"] = "attn_k",
        ["self_attn.v_proj"] = "attn_v",
        ["self_attn.o_proj"] = "attn_output",
        ["post_attention_layernorm"] = "ffn_norm",
        ["mlp.gate_proj"] = "ffn_gate",
        ["mlp.up_proj"] = "ffn_up",
        ["mlp.down_proj"] = "ffn_down",
    };

    /// <summary>The same, with norms of queries and keys.</summary>
    public static IReadOnlyDictionary<string, GgufForm> WithHeadNorms { get; } = With(
        ("self_attn.q_norm", "attn_q_norm"), ("self_attn.k_norm", "attn_k_norm"));

    /// <summary>The same with the two rows of a rotated pair side by side, as llama.cpp's oldest architecture and those made after it have them.</summary>
    public static IReadOnlyDictionary<string, GgufForm> Paired { get; } = With(
        ("self_attn.q_proj", new PairedForm("attn_q", config => config.Heads)), ("self_attn.k_proj", new PairedForm("attn_k", config => config.KeyValueHeads)));

    /// <summary>The names of most families with others in place of theirs, or further ones.</summary>
    public static Dictionary<string, GgufForm> With(params (string Module, GgufForm Form)[] others) => With(LayerNames, others);

    public static Dictionary<string, GgufForm> With(IReadOnlyDictionary<string, GgufForm> names, params (string Module, GgufForm Form)[] others)
    {
        var all = new Dictionary<string, GgufForm>(names);
        foreach (var (module, form) in others) all[module] = form;
        return all;
    }

    /// <summary>The rules of most families, without those of a key.</summary>
    public static IEnumerable<GgufRule> Without(string key) => All.Where(rule => rule is not WholeRule whole || whole.Key != key);
}

/// <summary>The vocabulary's size is that of the embedding; a key may say it too. With it come the ids of special tokens.</summary>
internal sealed record VocabularyRule : GgufRule
{
    public override void Read(GgufReading reading)
    {
        var said = reading.Whole("vocab_size");
        if (reading.Shape(PlainRules.Embedding) is [var rows, _])
        {
            reading.Set("vocab_size", rows, PlainRules.Embedding);
            if (said is { } size && size != rows) reading.Refuse("vocab_size", $"is {size}, where {PlainRules.Embedding} has {rows} rows");
        }
        else reading.Problems.Add($"the matrix {PlainRules.Embedding} is missing");
        reading.Set("bos_token_id", reading.Special.Begin, null);
        reading.Set("eos_token_id", reading.Special.Ends, null);
        reading.Set("pad_token_id", reading.Special.Padding, null);
    }

    public override void Write(DecoderConfig config, GgufWriting writing) => writing.Add("vocab_size", (uint)config.VocabularySize);
}

/// <summary>The width of heads: of keys and values, which must be the same, and what of it is rotated.</summary>
internal sealed record HeadWidthRule : GgufRule
{
    private const string Key = "attention.key_length";
    private const string Value = "attention.value_length";
    private const string Rotated = "rope.dimension_count";

    public override void Read(GgufReading reading)
    {
        var (width, heads) = (reading.Whole("embedding_length"), reading.Whole("attention.head_count"));
        var (said, values, rotated) = (reading.Whole(Key), reading.Whole(Value), reading.Whole(Rotated));
        // Missing sizes are told by their own rules.
        if ((said ?? (width > 0 && heads > 0 ? width / heads : null)) is not { } head) return;
        if (said is null && width % heads != 0) reading.Refuse(Key, $"is missing, and {heads} heads do not divide the width {width}");
        if (values is { } value && value != head) reading.Refuse(Value, $"is {value}, where {reading.Full(Key)} is {head}");
        reading.Set("head_dim", head, Key);
        if (rotated is { } part) reading.Set("partial_rotary_factor", (double)part / head, Rotated);
    }

    public override void Write(DecoderConfig config, GgufWriting writing)
    {
        writing.Add(Key, (uint)config.HeadWidth);
        writing.Add(Value, (uint)config.HeadWidth);
        writing.Add(Rotated, (uint)(config.RotatedWidth ?? config.HeadWidth));
    }
}
