namespace FlowRL.Models.Families;

/// <summary>Llama 2 to 3.3, and whatever says that it is one (SmolLM 1 and 2, R1-Distill-Llama): the plain decoder, with biases where asked.</summary>
internal sealed class Llama : ModelFamily
{
    private static readonly PlainFields.Defaults Defaults = new(Context: 2048) { EndOfSequenceIds = [2], BeginOfSequenceId = 1 };

    public override string Name => "llama";

    public override string Architecture => "LlamaForCausalLM";

    public override DecoderConfig Read(IModelFields fields)
    {
        var plain = PlainFields.Read(Name, fields, Defaults);
        var attentionBias = fields.Bool("attention_bias", false);
        return plain with
        {
            QueryKeyValueBias = attentionBias,
            OutputBias = attentionBias,
            FeedForwardBias = fields.Bool("mlp_bias", false),
        };
    }

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config) => new Dictionary<string, object?>(PlainFields.Write(config))
    {
        ["attention_bias"] = config.OutputBias,
        ["mlp_bias"] = config.FeedForwardBias,
    };

    public override IEnumerable<string> Unsayable(DecoderConfig config)
    {
        if (config.QueryKeyValueBias != config.OutputBias) yield return "llama has biases on all of the attention's projections or on none";
        if (config.QueryKeyNorm != QueryKeyNorm.None) yield return "qwen3, and only qwen3, normalises queries and keys";
    }
}
