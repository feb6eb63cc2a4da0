using FlowRL.Models;

namespace FlowRL.Checkpoints;

/// <summary>Turns the fields of a <c>config.json</c> into a <see cref="DecoderConfig"/>, with each family's defaults.</summary>
internal static class DecoderConfigReader
{
    /// <summary>The families, with the class that transformers builds and the context it assumes.</summary>
    public static IReadOnlyDictionary<string, (string Architecture, int Context)> Families { get; } =
        new Dictionary<string, (string, int)>
        {
            ["llama"] = ("LlamaForCausalLM", 2048),
            ["qwen2"] = ("Qwen2ForCausalLM", 32768),
            ["qwen3"] = ("Qwen3ForCausalLM", 32768),
        };

    /// <summary>The config, or null when the family is unknown; the fields collect what is wrong.</summary>
    public static DecoderConfig? Read(DecoderConfigFields fields)
    {
        var family = fields.Text("model_type");
        if (family is null || !Families.TryGetValue(family, out var known))
        {
            fields.Refuse("model_type", family is null
                ? "is missing; it must be llama, qwen2 or qwen3"
                : $"is '{family}'; the families that can be loaded are llama, qwen2 and qwen3");
            return null;
        }
        RefuseUnsupported(fields);
        var (llama, qwen3) = (family == "llama", family == "qwen3");
        var (width, heads) = (fields.Int("hidden_size"), fields.Int("num_attention_heads"));
        var context = fields.Int("max_position_embeddings", known.Context);
        var attentionBias = fields.Bool("attention_bias", false);
        return new DecoderConfig
        {
            ModelType = family,
            VocabularySize = fields.Int("vocab_size"),
            Width = width,
            FeedForwardWidth = fields.Int("intermediate_size"),
            Layers = fields.Int("num_hidden_layers"),
            Heads = heads,
            KeyValueHeads = fields.Int("num_key_value_heads", heads),
            HeadWidth = HeadWidth(fields, width, heads, qwen3),
            ContextLength = context,
            NormEpsilon = (float)fields.Double("rms_norm_eps", 1e-6),
            RopeTheta = DecoderConfigRope.Theta(fields),
            RopeScaling = DecoderConfigRope.Scaling(fields, context),
            TiedEmbeddings = fields.Bool("tie_word_embeddings", false),
            QueryKeyValueBias = family == "qwen2" || attentionBias,
            OutputBias = family != "qwen2" && attentionBias,
            FeedForwardBias = llama && fields.Bool("mlp_bias", false),
            QueryKeyNorm = qwen3,
            EndOfSequenceIds = fields.Ids("eos_token_id", llama ? [2] : []),
            BeginOfSequenceId = fields.Declares("bos_token_id") ? fields.OptionalId("bos_token_id") : llama ? 1 : null,
            PaddingId = fields.OptionalId("pad_token_id"),
            InitializerRange = fields.Double("initializer_range", 0.02),
        };
    }

    private static int HeadWidth(DecoderConfigFields fields, int width, int heads, bool qwen3)
    {
        if (fields.Has("head_dim")) return fields.Int("head_dim");
        if (qwen3) return 128;
        if (heads > 0 && width % heads == 0) return width / heads;
        fields.Refuse("hidden_size", $"is {width}, no multiple of num_attention_heads {heads}, and head_dim is missing");
        return 2;
    }

    private static void RefuseUnsupported(DecoderConfigFields fields)
    {
        if (fields.Text("hidden_act") is { } act && act is not ("silu" or "swish"))
            fields.Refuse("hidden_act", $"is '{act}'; only silu is supported");
        if (fields.Bool("use_sliding_window", false))
            fields.Refuse("use_sliding_window", "is true; set it to false for contexts that fit the window");
        foreach (var key in new[] { "quantization_config", "compression_config" })
            if (fields.Has(key)) fields.Refuse(key, "says that the weights are quantised; use the model's F32, F16 or BF16 version");
        foreach (var key in new[] { "num_experts", "num_local_experts", "n_routed_experts", "moe_intermediate_size" })
            if (fields.Has(key)) fields.Refuse(key, "says mixture of experts, which is not supported; use a dense model");
        if (fields.Double("partial_rotary_factor", 1) != 1)
            fields.Refuse("partial_rotary_factor", "must be 1; partly rotated heads are not supported");
    }
}
