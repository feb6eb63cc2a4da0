namespace FlowRL.Models.Families;

/// <summary>
/// The fields that the families of plain decoders share, as transformers names them: sizes, norms, positions, gates, ids. What a file
/// leaves out has the family's default in transformers; features that no description has words for are refused by name.
/// </summary>
internal static class PlainFields
{
    private static readonly Dictionary<string, GateActivation> Activations = new()
    {
        ["silu"] = GateActivation.Silu,
        ["gelu_pytorch_tanh"] = GateActivation.GeluTanh,
    };

    /// <summary>What differs between families where a file leaves it out, or at all.</summary>
    /// <param name="Context">Of <c>max_position_embeddings</c>.</param>
    public sealed record Defaults(int Context)
    {
        /// <summary>Of <c>head_dim</c>; null for the model's width divided by the heads.</summary>
        public int? HeadWidth { get; init; }

        public IReadOnlyList<int> EndOfSequenceIds { get; init; } = [];

        public int? BeginOfSequenceId { get; init; }

        /// <summary>What gates of this family may go through; the first where the file leaves it out.</summary>
        public IReadOnlyList<GateActivation> Gates { get; init; } = [GateActivation.Silu];
    }

    /// <summary>A description without biases and norms of heads, for a family to add what it has.</summary>
    public static DecoderConfig Read(string family, IModelFields fields, Defaults defaults)
    {
        var gate = Gate(fields, defaults.Gates);
        RefuseUnsupported(fields);
        var (width, heads) = (fields.Int("hidden_size"), fields.Int("num_attention_heads"));
        var context = fields.Int("max_position_embeddings", defaults.Context);
        return new DecoderConfig
        {
            ModelType = family,
            VocabularySize = fields.Int("vocab_size"),
            Width = width,
            FeedForwardWidth = fields.Int("intermediate_size"),
            Layers = fields.Int("num_hidden_layers"),
            Heads = heads,
            KeyValueHeads = fields.Int("num_key_value_heads", heads),
            HeadWidth = HeadWidth(fields, width, heads, defaults.HeadWidth),
            ContextLength = context,
            NormEpsilon = (float)fields.Double("rms_norm_eps", 1e-6),
            RopeTheta = RotaryFields.Theta(fields),
            RopeScaling = RotaryFields.Scaling(fields, context),
            TiedEmbeddings = fields.Bool("tie_word_embeddings", false),
            Gate = gate,
            EndOfSequenceIds = fields.Ids("eos_token_id", defaults.EndOfSequenceIds),
            BeginOfSequenceId = fields.Declares("bos_token_id") ? fields.OptionalId("bos_token_id") : defaults.BeginOfSequenceId,
            PaddingId = fields.OptionalId("pad_token_id"),
            InitializerRange = fields.Double("initializer_range", 0.02),
        };
    }

    /// <summary>The fields from which <see cref="Read"/> gives the same.</summary>
    public static IReadOnlyDictionary<string, object?> Write(DecoderConfig config) => new Dictionary<string, object?>
    {
        ["bos_token_id"] = config.BeginOfSequenceId,
        ["eos_token_id"] = config.EndOfSequenceIds.Count switch
        {
            0 => null,
            1 => config.EndOfSequenceIds[0],
            _ => config.EndOfSequenceIds,
        },
        ["head_dim"] = config.HeadWidth,
        ["hidden_act"] = Activations.First(pair => pair.Value == config.Gate).Key,
        ["hidden_size"] = config.Width,
        ["initializer_range"] = config.InitializerRange,
        ["intermediate_size"] = config.FeedForwardWidth,
        ["max_position_embeddings"] = config.ContextLength,
        ["num_attention_heads"] = config.Heads,
        ["num_hidden_layers"] = config.Layers,
        ["num_key_value_heads"] = config.KeyValueHeads,
        ["pad_token_id"] = config.PaddingId,
        ["rms_norm_eps"] = config.NormEpsilon,
        ["rope_scaling"] = RotaryFields.Write(config.RopeScaling),
        ["rope_theta"] = config.RopeTheta,
        ["tie_word_embeddings"] = config.TiedEmbeddings,
        ["vocab_size"] = config.VocabularySize,
    };

    private static GateActivation Gate(IModelFields fields, IReadOnlyList<GateActivation> known)
    {
        if (fields.Text("hidden_act") is not { } written) return known[0];
        if (Activations.TryGetValue(written == "swish" ? "silu" : written, out var gate) && known.Contains(gate)) return gate;
        var names = Activations.Where(pair => known.Contains(pair.Value)).Select(pair => pair.Key).ToList();
        fields.Refuse("hidden_act", $"is '{written}'; only {string.Join(" and ", names)} {(names.Count == 1 ? "is" : "are")} supported");
        return known[0];
    }

    private static int HeadWidth(IModelFields fields, int width, int heads, int? fallback)
    {
        if (fields.Has("head_dim")) return fields.Int("head_dim");
        if (fallback is { } given) return given;
        if (heads > 0 && width % heads == 0) return width / heads;
        fields.Refuse("hidden_size", $"is {width}, no multiple of num_attention_heads {heads}, and head_dim is missing");
        return 2;
    }

    private static void RefuseUnsupported(IModelFields fields)
    {
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
