namespace FlowRL.Models.Families;

/// <summary>The fields that say what differs from layer to layer, as transformers names them.</summary>
internal static class LayerFields
{
    public const string Full = "full_attention", Sliding = "sliding_attention";

    /// <summary>As many layers as lists are made for: what a file says is refused later where it is more, or none.</summary>
    public static int Bounded(int layers) => Math.Clamp(layers, 0, ModelFamily.MostLayers);

    /// <summary>The kind of each layer, by <c>layer_types</c>.</summary>
    /// <param name="fields">Of the model.</param>
    /// <param name="layers">How many there are.</param>
    /// <param name="fallback">The kind by the layer's index where the file leaves the list out.</param>
    /// <param name="known">Kinds that the family has.</param>
    public static IReadOnlyList<string> Kinds(IModelFields fields, int layers, Func<int, string> fallback, params string[] known)
    {
        IReadOnlyList<string> Fallback() => [.. Enumerable.Range(0, Bounded(layers)).Select(fallback)];
        if (fields.Texts("layer_types") is not { } written) return Fallback();
        if (written.Count != layers) fields.Refuse("layer_types", $"names {written.Count} layers of {layers}");
        else if (written.FirstOrDefault(kind => !known.Contains(kind)) is { } other)
            fields.Refuse("layer_types", $"has '{other}', which this family cannot be read with; it may have {string.Join(" and ", known)}");
        else return written;
        return Fallback();
    }

    /// <summary>The keys that a query sees at most; null for all, as where the context fits the window.</summary>
    /// <param name="fields">Of the model.</param>
    /// <param name="context">The longest context.</param>
    /// <param name="fallback">The family's, where the file leaves it out; the file's null means none.</param>
    public static int? Window(IModelFields fields, int context, int? fallback)
    {
        const string key = "sliding_window";
        if (!fields.Has(key) && (fields.Declares(key) || fallback is null)) return null;
        var window = fields.Int(key, fallback);
        if (window < 1) fields.Refuse(key, $"is {window} and must be at least 1, or null for no window");
        return window < 1 || window >= context ? null : window;
    }

    /// <summary>The shapes of layers of which some have a window: those of the kind <see cref="Sliding"/>.</summary>
    /// <param name="fields">Of the model.</param>
    /// <param name="kinds">Of each layer.</param>
    /// <param name="context">The longest context.</param>
    /// <param name="fallback">The family's window, where the file leaves it out.</param>
    /// <param name="sliding">What these layers have else.</param>
    public static IReadOnlyList<LayerShape> Windows(
        IModelFields fields, IReadOnlyList<string> kinds, int context, int? fallback, LayerShape? sliding = null)
    {
        if (kinds.Contains(Sliding) && !fields.Has("sliding_window") && (fields.Declares("sliding_window") || fallback is null))
            fields.Refuse("sliding_window", $"is missing although layer_types has {Sliding}; give the window of these layers");
        var shape = (sliding ?? LayerShape.Plain) with { Window = Window(fields, context, fallback) };
        return LayerShape.Listed(kinds.Select(kind => kind == Sliding ? shape : LayerShape.Plain));
    }

    /// <summary>Layers that have one window, all of them, whatever <c>layer_types</c> says.</summary>
    public static IReadOnlyList<LayerShape> OneWindow(IModelFields fields, int layers, int context, int? fallback)
    {
        _ = fields.Texts("layer_types"); // not read by this family in transformers either
        var shape = LayerShape.Plain with { Window = Window(fields, context, fallback) };
        return LayerShape.Listed(Enumerable.Repeat(shape, Bounded(layers)));
    }

    /// <summary>
    /// The windows of Qwen's files: none unless <c>use_sliding_window</c> is true; then on the layers that <c>layer_types</c> names, or on those from
    /// <c>max_window_layers</c> on.
    /// </summary>
    public static IReadOnlyList<LayerShape> SwitchedWindows(IModelFields fields, DecoderConfig plain, Func<int, bool> isSliding)
    {
        var isOn = fields.Bool("use_sliding_window", false);
        var kinds = Kinds(fields, plain.Layers, layer => isOn && isSliding(layer) ? Sliding : Full, Full, Sliding);
        if (isOn) return Windows(fields, kinds, plain.ContextLength, null);
        if (kinds.Contains(Sliding)) fields.Refuse("layer_types", $"has {Sliding} although use_sliding_window is not true; set one or the other");
        return [];
    }

    /// <summary>The fields of <see cref="SwitchedWindows"/>.</summary>
    public static Dictionary<string, object?> WithSwitchedWindows(this Dictionary<string, object?> fields, DecoderConfig config)
    {
        fields["use_sliding_window"] = config.LayerShapes.Any(shape => shape.Window is not null);
        return config.LayerShapes.Count == 0 ? fields : fields.With("layer_types", WrittenKinds(config)).With("sliding_window", WrittenWindow(config));
    }

    /// <summary>The value of <c>layer_types</c> for layers with and without windows.</summary>
    public static string[] WrittenKinds(DecoderConfig config) =>
        [.. Enumerable.Range(0, config.Layers).Select(layer => config.ShapeOf(layer) is { Window: not null } or { Rotary: not null } ? Sliding : Full)];

    /// <summary>The window that layers have which have one; where none hides anything, the context, which says the same.</summary>
    public static int WrittenWindow(DecoderConfig config) =>
        config.LayerShapes.Select(shape => shape.Window).FirstOrDefault(window => window is not null) ?? config.ContextLength;
}
