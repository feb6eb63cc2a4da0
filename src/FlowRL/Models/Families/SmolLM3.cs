namespace FlowRL.Models.Families;

/// <summary>SmolLM3: heads do not turn on every fourth layer (arXiv 2501.18795).</summary>
internal sealed class SmolLM3 : ModelFamily
{
    private const string Turning = "no_rope_layers"; // whose 1 means that the layer turns
    private static readonly PlainFields.Defaults Defaults = new(Context: 32768)
    {
        KeyValueHeads = 4,
        TiedEmbeddings = true,
        RopeTheta = 2e6,
        EndOfSequenceIds = [128001],
        BeginOfSequenceId = 128000,
    };

    public override string Name => "smollm3";

    public override string Architecture => "SmolLM3ForCausalLM";

    public override DecoderConfig Read(IModelFields fields)
    {
        var plain = PlainFields.Read(Name, fields, Defaults);
        var turns = Turns(fields, plain.Layers);
        var windows = LayerFields.SwitchedWindows(fields, plain, layer => !turns[layer]);
        var bias = fields.Bool("attention_bias", false);
        return plain with
        {
            QueryKeyValueBias = bias,
            OutputBias = bias,
            FeedForwardBias = fields.Bool("mlp_bias", false),
            LayerShapes = LayerShape.Listed(turns.Select((turn, layer) => (windows.ElementAtOrDefault(layer) ?? LayerShape.Plain) with { Turns = turn })),
        };
    }

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config) => PlainFields.Write(config).WithSwitchedWindows(config)
        .With("attention_bias", config.OutputBias).With("mlp_bias", config.FeedForwardBias)
        .With(Turning, Enumerable.Range(0, config.Layers).Select(layer => config.ShapeOf(layer).Turns ? 1 : 0).ToArray());

    private static bool[] Turns(IModelFields fields, int layers)
    {
        var count = LayerFields.Bounded(layers);
        var interval = Math.Max(1, fields.Int("no_rope_layer_interval", 4));
        bool[] fallback = [.. Enumerable.Range(1, count).Select(layer => layer % interval != 0)];
        if (!fields.Has(Turning)) return fallback;
        var written = fields.Ids(Turning, []);
        if (written.Count != layers) fields.Refuse(Turning, $"has {written.Count} entries for {layers} layers");
        else if (written.Any(turn => turn is not (0 or 1))) fields.Refuse(Turning, "has other numbers than 0 and 1");
        else return [.. written.Select(turn => turn == 1)];
        return fallback;
    }
}
