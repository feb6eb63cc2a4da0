
namespace FlowRL.Models.Families;

/// <summary>
/// The text model of Qwen3.5, dense (0.8B to 9B): a gated delta rule in three of four layers; in the others attention whose output is gated and whose heads
/// turn in part.
/// </summary>
internal sealed class Qwen35Text : ModelFamily
{
    private const string Linear = "linear_attention", Gated = "attn_output_gate", Share = "partial_rotary_factor";
    private const string KeyHeads = "linear_num_key_heads", ValueHeads = "linear_num_value_heads", KeyWidth = "linear_key_head_dim";
    private const string ValueWidth = "linear_value_head_dim", Taps = "linear_conv_kernel_dim";

    private static readonly PlainFields.Defaults Defaults = new(Context: 32768) { HeadWidth = 256, KeyValueHeads = 4, RotatedShare = 0.25 };

    // Heads that predict several tokens are no part of the text model.
    private static readonly WeightNames Names = WeightNames.Plain with { Ignored = ["mtp."] };

    public override string Name => "qwen3_5_text";

    public override string Architecture => "Qwen3_5ForCausalLM";

    public override DecoderConfig Read(IModelFields fields)
    {
        var plain = PlainFields.Read(Name, fields, Defaults);
        var bias = fields.Bool("attention_bias", false);
        var interval = Math.Max(1, fields.Int("full_attention_interval", 4));
        var kinds = LayerFields.Kinds(fields, plain.Layers, layer => (layer + 1) % interval == 0 ? LayerFields.Full : Linear, Linear, LayerFields.Full);
        return plain with
        {
            QueryKeyValueBias = bias,
            OutputBias = bias,
            NormsAddOne = true,
            QueryKeyNorm = QueryKeyNorm.EachHead,
            OutputGate = fields.Bool(Gated, true),
            DeltaRule = new DeltaRuleShape(
                fields.Int(KeyHeads, 16), fields.Int(ValueHeads, 32), fields.Int(KeyWidth, 128), fields.Int(ValueWidth, 128), fields.Int(Taps, 4)),
            LayerShapes = LayerShape.Listed(kinds.Select(kind =>
                LayerShape.Plain with { Mixing = kind == Linear ? LayerMixing.DeltaRule : LayerMixing.Attention })),
            Names = Names,
        };
    }

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config)
    {
        var rotary = new Dictionary<string, object?>(RotaryFields.Write(config.RopeScaling) ?? new Dictionary<string, object?> { ["rope_type"] = "default" })
        {
            [Share] = (config.RotatedWidth ?? config.HeadWidth) / (double)config.HeadWidth,
            ["rope_theta"] = config.RopeTheta,
        };
        var fields = PlainFields.Write(config).With("rope_scaling", null).With("rope_theta", null).With("rope_parameters", rotary)
            .With("attention_bias", config.OutputBias).With(Gated, config.OutputGate)
            .With("layer_types", Enumerable.Range(0, config.Layers).Select(layer =>
                config.ShapeOf(layer).Mixing == LayerMixing.DeltaRule ? Linear : LayerFields.Full).ToArray());
        return config.DeltaRule is not { } rule ? fields : fields.With(KeyHeads, rule.KeyHeads).With(ValueHeads, rule.ValueHeads)
            .With(KeyWidth, rule.KeyWidth).With(ValueWidth, rule.ValueWidth).With(Taps, rule.Taps);
    }
}
