namespace FlowRL.Models.Families;

/// <summary>OLMo 3 (7B, 32B): OLMo 2 with a window on three of four layers, whose heads turn without the scaling that the others have.</summary>
internal sealed class Olmo3 : Olmo
{
    // What transformers gives layers with a window where a file has one rope_theta for all.
    private const double LocalTheta = 500000;
    private const int DefaultWindow = 4096;

    public override string Name => "olmo3";

    public override string Architecture => "Olmo3ForCausalLM";

    public override DecoderConfig Read(IModelFields fields)
    {
        var shared = ReadShared(fields);
        var kinds = LayerFields.Kinds(fields, shared.Layers, layer => layer % 4 == 3 ? LayerFields.Full : LayerFields.Sliding,
            LayerFields.Sliding, LayerFields.Full);
        RotaryRule? Of(string kind) => kinds.Contains(kind) ? RotaryFields.OfKind(fields, kind, shared.HeadWidth, shared.ContextLength) : null;
        var (local, global) = (Of(LayerFields.Sliding), Of(LayerFields.Full));
        if (local is null && kinds.Contains(LayerFields.Sliding) && shared.RopeTheta != LocalTheta)
        {
            fields.Refuse("rope_theta", FormattableString.Invariant($"is {shared.RopeTheta}, and versions of transformers differ on whether layers ") +
                "with a window turn by it or by 500000; say it for each kind of layers in rope_parameters");
        }
        global ??= new RotaryRule(shared.HeadWidth, shared.RopeTheta, shared.RopeScaling);
        local ??= new RotaryRule(shared.HeadWidth, LocalTheta, RopeScaling.None);
        return shared with
        {
            RopeTheta = global.Theta,
            RopeScaling = global.Scaling,
            LayerShapes = LayerFields.Windows(
                fields, kinds, shared.ContextLength, DefaultWindow, LayerShape.Plain with { Rotary = local == global ? null : local }),
        };
    }

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config)
    {
        var fields = WriteShared(config).With("layer_types", LayerFields.WrittenKinds(config)).With("sliding_window", LayerFields.WrittenWindow(config));
        var global = new RotaryRule(config.HeadWidth, config.RopeTheta, config.RopeScaling);
        var local = config.LayerShapes.Select(shape => shape.Rotary).OfType<RotaryRule>().FirstOrDefault() ?? global;
        // The older form, which every version reads, can say only this.
        if (local == new RotaryRule(config.HeadWidth, LocalTheta, RopeScaling.None) && config.RopeTheta == LocalTheta) return fields;
        Dictionary<string, object?> Rule(RotaryRule rule) =>
            new(RotaryFields.Write(rule.Scaling) ?? new Dictionary<string, object?> { ["rope_type"] = "default" }) { ["rope_theta"] = rule.Theta };
        return fields.With("rope_scaling", null).With("rope_theta", null).With("rope_parameters", new Dictionary<string, object?>
        {
            [LayerFields.Full] = Rule(global),
            [LayerFields.Sliding] = Rule(local),
        });
    }

}
