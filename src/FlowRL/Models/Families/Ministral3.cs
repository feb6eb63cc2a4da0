namespace FlowRL.Models.Families;

/// <summary>Ministral 3 (3B, 8B, 14B): queries that grow with their position beyond the original context, and perhaps a window on every layer.</summary>
internal sealed class Ministral3 : ModelFamily
{
    private const string Beta = "llama_4_scaling_beta", Original = "original_max_position_embeddings";
    private static readonly PlainFields.Defaults Defaults = new(Context: 262144)
    {
        KeyValueHeads = 8,
        HeadWidth = 128,
        NormEpsilon = 1e-5,
        EndOfSequenceIds = [2],
        BeginOfSequenceId = 1,
    };

    public override string Name => "ministral3";

    public override string Architecture => "Ministral3ForCausalLM";

    public override DecoderConfig Read(IModelFields fields)
    {
        var plain = PlainFields.Read(Name, fields, Defaults);
        return plain with
        {
            LayerShapes = LayerFields.OneWindow(fields, plain.Layers, plain.ContextLength, null),
            QueryGrowth = Growth(fields),
        };
    }

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config)
    {
        var rotary = new Dictionary<string, object?>(RotaryFields.Write(config.RopeScaling) ?? new Dictionary<string, object?> { ["rope_type"] = "default" })
        {
            [Beta] = config.QueryGrowth?.Beta,
            [Original] = config.QueryGrowth?.OriginalContextLength,
            ["rope_theta"] = config.RopeTheta,
        };
        var fields = PlainFields.Write(config).With("rope_scaling", null).With("rope_theta", null).With("rope_parameters", rotary);
        fields["sliding_window"] = config.LayerShapes.Count == 0 ? null : LayerFields.WrittenWindow(config);
        return fields;
    }

    public override IEnumerable<string> Unsayable(DecoderConfig config)
    {
        if (config.QueryGrowth is null) yield return "ministral3 always has queries that grow with their position";
        else if (config.RopeScaling is RopeScaling.Yarn yarn && yarn.OriginalContextLength != config.QueryGrowth.OriginalContextLength)
            yield return "ministral3 has one original context for rotation and for queries";
    }

    private static QueryGrowth Growth(IModelFields fields)
    {
        if (fields.Object("rope_parameters") is { } rotary) return new QueryGrowth(rotary.Double(Beta), rotary.Int(Original));
        fields.Refuse("rope_parameters", $"is missing; it says {Beta} and {Original}, without which queries cannot be scaled");
        return new QueryGrowth(0, 1);
    }
}
