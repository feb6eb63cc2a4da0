
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

        /// <summary>Of <c>num_attention_heads</c>; null where every file says it.</summary>
        public int? Heads { get; init; }

        /// <summary>Of <c>vocab_size</c>; null where every file says it.</summary>
        public int? Vocabulary { get; init; }

        /// <summary>Of <c>num_key_value_heads</c>; null for as many as there are of queries.</summary>
        public int? KeyValueHeads { get; init; }

        /// <summary>What gates of this family may go through; the first where the file leaves it out.</summary>
        public IReadOnlyList<GateActivation> Gates { get; init; } = [GateActivation.Silu];

        /// <summary>The field that says it.</summary>
        public string GateKey { get; init; } = "hidden_act";

        public double NormEpsilon { get; init; } = 1e-6;

        /// <summary>The field that says it.</summary>
        public string NormEpsilonKey { get; init; } = "rms_norm_eps";

        /// <summary>The field with the inner width of feed-forward blocks.</summary>
        public string FeedForwardKey { get; init; } = "intermediate_size";

        public bool TiedEmbeddings { get; init; }

        public double RopeTheta { get; init; } = 10000;

        /// <summary>The share of a head that turns; null where files of the family have no word for it and the whole head turns.</summary>
        public double? RotatedShare { get; init; }

        /// <summary>Whether rotary divisors may come in two lists.</summary>
        public bool HasLongRope { get; init; }
    }

    /// <summary>A description without biases and norms of heads, for a family to add what it has.</summary>
    public static DecoderConfig Read(string family, IModelFields fields, Defaults defaults)
    {
        var gate = Gate(fields, defaults);
        var (width, heads) = (fields.Int("hidden_size"), fields.Int("num_attention_heads", defaults.Heads));
        var context = fields.Int("max_position_embeddings", defaults.Context);
        var headWidth = HeadWidth(fields, width, heads, defaults.HeadWidth);
        var rotatedWidth = RotaryFields.RotatedWidth(fields, headWidth, defaults.RotatedShare);
        return new DecoderConfig
        {
            ModelType = family,
            VocabularySize = fields.Int("vocab_size", defaults.Vocabulary),
            Width = width,
            FeedForwardWidth = fields.Int(defaults.FeedForwardKey),
            Layers = fields.Int("num_hidden_layers"),
            Heads = heads,
            KeyValueHeads = fields.Declares("num_key_value_heads") ? fields.Int("num_key_value_heads", heads) : defaults.KeyValueHeads ?? heads,
            HeadWidth = headWidth,
            ContextLength = context,
            NormEpsilon = (float)fields.Double(defaults.NormEpsilonKey, defaults.NormEpsilon),
            RopeTheta = RotaryFields.Theta(fields, defaults.RopeTheta),
            RopeScaling = RotaryFields.Scaling(fields, context, defaults.HasLongRope ? rotatedWidth : null),
            RotatedWidth = rotatedWidth == headWidth ? null : rotatedWidth,
            TiedEmbeddings = fields.Bool("tie_word_embeddings", defaults.TiedEmbeddings),
            Gate = gate,
            EndOfSequenceIds = fields.Ids("eos_token_id", defaults.EndOfSequenceIds),
            BeginOfSequenceId = fields.Declares("bos_token_id") ? fields.OptionalId("bos_token_id") : defaults.BeginOfSequenceId,
            PaddingId = fields.OptionalId("pad_token_id"),
            InitializerRange = fields.Double("initializer_range", 0.02),
        };
    }

    /// <summary>The fields from which <see cref="Read"/> gives the same.</summary>
    public static Dictionary<string, object?> Write(DecoderConfig config, Defaults? defaults = null)
    {
        defaults ??= new Defaults(0);
        return new Dictionary<string, object?>
        {
            ["bos_token_id"] = config.BeginOfSequenceId,
            ["eos_token_id"] = config.EndOfSequenceIds.Count switch
            {
                0 => null,
                1 => config.EndOfSequenceIds[0],
                _ => config.EndOfSequenceIds,
            },
            ["head_dim"] = config.HeadWidth,
            [defaults.GateKey] = Activations.First(pair => pair.Value == config.Gate).Key,
            ["hidden_size"] = config.Width,
            ["initializer_range"] = config.InitializerRange,
            [defaults.FeedForwardKey] = config.FeedForwardWidth,
            ["max_position_embeddings"] = config.ContextLength,
            ["num_attention_heads"] = config.Heads,
            ["num_hidden_layers"] = config.Layers,
            ["num_key_value_heads"] = config.KeyValueHeads,
            ["pad_token_id"] = config.PaddingId,
            [defaults.NormEpsilonKey] = config.NormEpsilon,
            ["rope_scaling"] = RotaryFields.Write(config.RopeScaling),
            ["rope_theta"] = config.RopeTheta,
            ["tie_word_embeddings"] = config.TiedEmbeddings,
            ["vocab_size"] = config.VocabularySize,
        };
    }

    private static GateActivation Gate(IModelFields fields, Defaults defaults)
    {
        var (known, key) = (defaults.Gates, defaults.GateKey);
        if (fields.Text(key) is not { } written) return known[0];
        if (Activations.TryGetValue(written == "swish" ? "silu" : written, out var gate) && known.Contains(gate)) return gate;
        var names = Activations.Where(pair => known.Contains(pair.Value)).Select(pair => pair.Key).ToList();
        fields.Refuse(key, $"is '{written}'; only {string.Join(" and ", names)} {(names.Count == 1 ? "is" : "are")} supported");
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

    /// <summary>The same fields with one more, or with another value of one; null leaves it out.</summary>
    public static Dictionary<string, object?> With(this Dictionary<string, object?> fields, string key, object? value)
    {
        if (value is null) fields.Remove(key);
        else fields[key] = value;
        return fields;
    }
}
