namespace FlowRL.Models.Families;

/// <summary>Qwen2, Qwen2.5 and R1-Distill-Qwen: biases on queries, keys and values.</summary>
internal sealed class Qwen2 : ModelFamily
{
    private static readonly PlainFields.Defaults Defaults = new(Context: 32768);

    public override string Name => "qwen2";

    public override string Architecture => "Qwen2ForCausalLM";

    public override DecoderConfig Read(IModelFields fields)
    {
        var plain = PlainFields.Read(Name, fields, Defaults);
        return plain with { QueryKeyValueBias = true, LayerShapes = LayerFields.SwitchedWindows(fields, plain, From(fields)) };
    }

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config) => PlainFields.Write(config).WithSwitchedWindows(config);

    /// <summary>Which layers have a window where windows are on and no list says it.</summary>
    internal static Func<int, bool> From(IModelFields fields)
    {
        var first = fields.Int("max_window_layers", 28);
        return layer => layer >= first;
    }

    public override IEnumerable<string> Unsayable(DecoderConfig config)
    {
        if (!config.QueryKeyValueBias) yield return "qwen2 always has biases on queries, keys and values";
        if (config.OutputBias) yield return "qwen2 has no bias on the attention's output";
        if (config.FeedForwardBias) yield return "only llama can have biases in the feed-forward block";
        if (config.QueryKeyNorm != QueryKeyNorm.None) yield return "qwen3, and only qwen3, normalises queries and keys";
        if (config.HeadWidth * (long)config.Heads != config.Width)
            yield return "qwen2 has heads as wide as hidden_size divided by num_attention_heads";
    }
}
