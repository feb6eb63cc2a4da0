namespace FlowRL.Models.Families;

/// <summary>Granite 3 (2B, 8B): embeddings, scores, branches and logits are scaled by numbers of the file.</summary>
internal sealed class Granite : ModelFamily
{
    internal static readonly PlainFields.Defaults Defaults = new(Context: 2048) { EndOfSequenceIds = [2], BeginOfSequenceId = 1 };

    public override string Name => "granite";

    public override string Architecture => "GraniteForCausalLM";

    public override DecoderConfig Read(IModelFields fields) => WithScales(PlainFields.Read(Name, fields, Defaults), fields) with
    {
        FeedForwardBias = fields.Bool("mlp_bias", false),
    };

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config) =>
        Written(config, Defaults).With("mlp_bias", config.FeedForwardBias);

    /// <summary>What Granite's files say beyond the plain decoder, the scale of scores among it: no root of the head's width is in there.</summary>
    internal static DecoderConfig WithScales(DecoderConfig plain, IModelFields fields)
    {
        var bias = fields.Bool("attention_bias", false);
        return plain with
        {
            QueryKeyValueBias = bias,
            OutputBias = bias,
            EmbeddingScale = fields.Double("embedding_multiplier", 1),
            AttentionScale = fields.Double("attention_multiplier", 1),
            ResidualScale = fields.Double("residual_multiplier", 1),
            LogitDivisor = fields.Double("logits_scaling", 1),
        };
    }

    internal static Dictionary<string, object?> Written(DecoderConfig config, PlainFields.Defaults defaults) => PlainFields.Write(config, defaults)
        .With("attention_bias", config.OutputBias).With("embedding_multiplier", config.EmbeddingScale).With("attention_multiplier", config.AttentionScale ?? 1)
        .With("residual_multiplier", config.ResidualScale).With("logits_scaling", config.LogitDivisor);
}
