namespace FlowRL.Models.Families;

/// <summary>
/// Gemma 3's text models (270M, 1B, and those inside of 4B to 27B): norms on heads, and layers with a window whose heads turn by a base of their own.
/// </summary>
internal sealed class Gemma3Text : Gemma
{
    private const string LocalTheta = "rope_local_base_freq";
    // What files of the larger models say of their text model is what differs from these.
    private static readonly PlainFields.Defaults Defaults = Plain with { Context = 131072, RopeTheta = 1e6, Heads = 8, Vocabulary = 262208 };

    public override string Name => "gemma3_text";

    public override string Architecture => "Gemma3ForCausalLM";

    public override DecoderConfig Read(IModelFields fields)
    {
        var shared = ReadShared(fields, Defaults);
        // The list is believed; a pattern beside it may be another model's.
        var pattern = Math.Max(1, fields.Int("sliding_window_pattern", fields.Int("_sliding_window_pattern", 6)));
        var kinds = LayerFields.Kinds(fields, shared.Layers, layer => (layer + 1) % pattern == 0 ? LayerFields.Full : LayerFields.Sliding,
            LayerFields.Sliding, LayerFields.Full);
        RotaryRule? Of(string kind) =>
            kinds.Contains(kind) ? RotaryFields.OfKind(fields, kind, shared.HeadWidth, shared.ContextLength) : null;
        var local = Of(LayerFields.Sliding) ?? new RotaryRule(shared.HeadWidth, fields.Double(LocalTheta, 10000), RopeScaling.None);
        var global = Of(LayerFields.Full) ?? new RotaryRule(shared.HeadWidth, shared.RopeTheta, shared.RopeScaling);
        return shared with
        {
            QueryKeyNorm = QueryKeyNorm.EachHead,
            RopeTheta = global.Theta,
            RopeScaling = global.Scaling,
            LayerShapes = LayerFields.Windows(fields, kinds, shared.ContextLength, DefaultWindow, LayerShape.Plain with { Rotary = local }),
            FinalSoftCap = ReadFinalSoftCap(fields, null),
        };
    }

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config) => WriteShared(config)
        .With(LocalTheta, config.LayerShapes.Select(shape => shape.Rotary).OfType<RotaryRule>().FirstOrDefault()?.Theta ?? 10000.0);

    public override IEnumerable<string> Unsayable(DecoderConfig config) =>
        config.LayerShapes.Select(shape => shape.Rotary).OfType<RotaryRule>().Any(rule => rule.Scaling != RopeScaling.None)
            ? ["gemma3_text has no field for a rotary scaling of layers with a window"] : [];
}
