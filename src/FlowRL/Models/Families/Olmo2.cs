namespace FlowRL.Models.Families;

/// <summary>
/// What OLMo 2 and 3 share: norms after attention and after the feed-forward block alone, and norms over the queries and keys of all heads together.
/// </summary>
internal abstract class Olmo : ModelFamily
{
    protected static readonly PlainFields.Defaults Defaults = new(Context: 2048) { NormEpsilon = 1e-5, EndOfSequenceIds = [50279] };

    protected DecoderConfig ReadShared(IModelFields fields)
    {
        var bias = fields.Bool("attention_bias", false);
        return PlainFields.Read(Name, fields, Defaults) with
        {
            QueryKeyValueBias = bias,
            OutputBias = bias,
            Norms = NormPlacement.After,
            QueryKeyNorm = QueryKeyNorm.AllHeads,
        };
    }

    protected static Dictionary<string, object?> WriteShared(DecoderConfig config) => PlainFields.Write(config).With("attention_bias", config.OutputBias);
}

/// <summary>OLMo 2 (1B, 7B, 13B, 32B).</summary>
internal sealed class Olmo2 : Olmo
{
    public override string Name => "olmo2";

    public override string Architecture => "Olmo2ForCausalLM";

    public override DecoderConfig Read(IModelFields fields) => ReadShared(fields);

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config) => WriteShared(config);
}
