using FlowRL.Models;
using FlowRL.Models.Families;

namespace FlowRL.Checkpoints.Gguf.Families;

/// <summary>The window of some layers, and which they are: all but every n-th, or those of a list.</summary>
/// <param name="Period">n where files leave it out.</param>
internal sealed record WindowRule(int Period) : GgufRule
{
    private const string Window = "attention.sliding_window";
    private const string Pattern = "attention.sliding_window_pattern";

    /// <summary>The window where files leave it out; null where there is none then.</summary>
    public long? Default { get; init; }

    /// <summary>Whether readers take layers to have windows whatever a file says.</summary>
    public bool IsAlways { get; init; }

    /// <summary>Whether a file says that layers have windows.</summary>
    public static bool IsIn(GgufMetadata metadata, string architecture) => metadata.Whole($"{architecture}.{Window}") is > 0;

    public override void Read(GgufReading reading)
    {
        var window = reading.Whole(Window) ?? Default ?? 0;
        var each = reading.Each(Pattern);
        var period = each is null ? reading.Whole(Pattern) ?? Period : 0;
        if (each is not null && each.Length != reading.Layers) reading.Refuse(Pattern, $"has {each.Length} values for {reading.Layers} layers");
        if (window < 0 || period < 0) reading.Refuse(window < 0 ? Window : Pattern, "is below 0");
        bool IsSliding(int layer) => window > 0 && (each is null ? Slides(layer, period) : layer < each.Length && each[layer] != 0);
        reading.Set("layer_types", Enumerable.Range(0, reading.Layers)
            .Select(layer => IsSliding(layer) ? LayerFields.Sliding : LayerFields.Full).ToArray(), Pattern);
        if (window > 0) reading.Set("sliding_window", window, Window);
    }

    public override void Write(DecoderConfig config, GgufWriting writing)
    {
        bool[] slides = [.. LayerFields.WrittenKinds(config).Select(kind => kind == LayerFields.Sliding)];
        if (!slides.Contains(true) && !IsAlways) return;
        writing.Add(Window, (uint)LayerFields.WrittenWindow(config));
        // Where no window hides anything, it makes no difference which layers have one.
        if (!slides.Contains(true) || Fits(slides, Period)) return;
        var period = Enumerable.Range(1, slides.Length + 1).FirstOrDefault(period => Fits(slides, period));
        writing.Add(Pattern, period > 0 ? (uint)period : new GgufArray(GgufKind.Bool, slides));
    }

    private static bool Fits(bool[] slides, int period) => !slides.Where((isSliding, layer) => isSliding != Slides(layer, period)).Any();

    /// <summary>The last of each <paramref name="period"/> layers has no window; 0 for windows on all.</summary>
    private static bool Slides(int layer, long period) => period == 0 || layer % period < period - 1;
}

/// <summary>One window for all layers, in files with 0 for none. llama.cpp writes it for Phi-3 and passes over it.</summary>
internal sealed record OneWindowRule : GgufRule
{
    private const string Window = "attention.sliding_window";

    public override void Read(GgufReading reading)
    {
        if (reading.Whole(Window) is { } window and not 0) reading.Set("sliding_window", window, Window);
    }

    public override void Write(DecoderConfig config, GgufWriting writing) =>
        writing.Add(Window, (uint)(config.LayerShapes.Count == 0 ? 0 : LayerFields.WrittenWindow(config)));
}
