namespace FlowRL.Models.Families;

/// <summary>Qwen3, dense: norms on each head's queries and keys, and heads whose width the model's does not bind.</summary>
internal sealed class Qwen3 : ModelFamily
{
    private static readonly PlainFields.Defaults Defaults = new(Context: 32768) { HeadWidth = 128 };

    public override string Name => "qwen3";

    public override string Architecture => "Qwen3ForCausalLM";

    public override DecoderConfig Read(IModelFields fields)
    {
        var plain = PlainFields.Read(Name, fields, Defaults);
        var attentionBias = fields.Bool("attention_bias", false);
        return plain with
        {
            QueryKeyValueBias = attentionBias,
            OutputBias = attentionBias,
            QueryKeyNorm = QueryKeyNorm.EachHead,
            LayerShapes = LayerFields.SwitchedWindows(fields, plain, Qwen2.From(fields)),
        };
    }

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config) =>
        PlainFields.Write(config).WithSwitchedWindows(config).With("attention_bias", config.OutputBias);

    public override IEnumerable<string> Unsayable(DecoderConfig config)
    {
        if (config.QueryKeyValueBias != config.OutputBias) yield return "qwen3 has biases on all of the attention's projections or on none";
        if (config.FeedForwardBias) yield return "only llama can have biases in the feed-forward block";
        if (config.QueryKeyNorm != QueryKeyNorm.EachHead) yield return "qwen3, and only qwen3, normalises queries and keys";
    }
}
