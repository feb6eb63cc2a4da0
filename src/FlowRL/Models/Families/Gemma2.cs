
namespace FlowRL.Models.Families;

/// <summary>What Gemma 2 and 3 share: embeddings scaled by √width, norms by 1 + w before and after, gates with gelu, an own scale of scores.</summary>
internal abstract class Gemma : ModelFamily
{
    /// <summary>The window where a file leaves it out.</summary>
    protected const int DefaultWindow = 4096;

    protected static readonly WeightNames Names = WeightNames.Plain with { PostNorm = "pre_feedforward_layernorm" };

    protected static readonly PlainFields.Defaults Plain = new(Context: 8192)
    {
        HeadWidth = 256,
        KeyValueHeads = 4,
        Gates = [GateActivation.GeluTanh, GateActivation.Silu],
        GateKey = "hidden_activation",
        TiedEmbeddings = true,
        EndOfSequenceIds = [1],
        BeginOfSequenceId = 2,
    };

    private const string Scale = "query_pre_attn_scalar", FinalSoftCap = "final_logit_softcapping";

    protected DecoderConfig ReadShared(IModelFields fields, PlainFields.Defaults defaults)
    {
        var plain = PlainFields.Read(Name, fields, defaults);
        var bias = fields.Bool("attention_bias", false);
        _ = fields.Text("hidden_act"); // older files have it too, and nobody reads it
        return plain with
        {
            QueryKeyValueBias = bias,
            OutputBias = bias,
            Norms = NormPlacement.BeforeAndAfter,
            NormsAddOne = true,
            EmbeddingScale = Math.Sqrt(plain.Width),
            AttentionScale = 1 / Math.Sqrt(fields.Double(Scale, 256)),
            Names = Names,
        };
    }

    /// <summary>A soft cap; null where there is none.</summary>
    protected static double? SoftCap(IModelFields fields, string key, double? fallback) =>
        fields.Has(key) || (!fields.Declares(key) && fallback is not null) ? fields.Double(key, fallback) : null;

    protected static double? ReadFinalSoftCap(IModelFields fields, double? fallback) => SoftCap(fields, FinalSoftCap, fallback);

    protected static Dictionary<string, object?> WriteShared(DecoderConfig config)
    {
        var fields = PlainFields.Write(config, Plain).With("attention_bias", config.OutputBias).With("layer_types", LayerFields.WrittenKinds(config))
            .With("sliding_window", LayerFields.WrittenWindow(config)).With(Scale, Scalar(config.AttentionScale ?? 1));
        fields[FinalSoftCap] = config.FinalSoftCap;
        return fields;
    }

    /// <summary>The number whose inverse square root is the scale: the whole one next to it, where that is meant.</summary>
    private static double Scalar(double scale)
    {
        var scalar = 1 / (scale * scale);
        var whole = Math.Round(scalar);
        return 1 / Math.Sqrt(whole) == scale ? whole : scalar;
    }
}

/// <summary>Gemma 2 (2B, 9B, 27B): a window on every other layer, from the first on, and soft caps on scores and logits.</summary>
internal sealed class Gemma2 : Gemma
{
    private const string SoftCapKey = "attn_logit_softcapping";

    public override string Name => "gemma2";

    public override string Architecture => "Gemma2ForCausalLM";

    public override DecoderConfig Read(IModelFields fields)
    {
        var shared = ReadShared(fields, Plain);
        var kinds = LayerFields.Kinds(fields, shared.Layers, layer => layer % 2 == 0 ? LayerFields.Sliding : LayerFields.Full,
            LayerFields.Sliding, LayerFields.Full);
        return shared with
        {
            LayerShapes = LayerFields.Windows(fields, kinds, shared.ContextLength, DefaultWindow),
            AttentionSoftCap = SoftCap(fields, SoftCapKey, 50),
            FinalSoftCap = ReadFinalSoftCap(fields, 30),
        };
    }

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config)
    {
        var fields = WriteShared(config);
        fields[SoftCapKey] = config.AttentionSoftCap;
        return fields;
    }
}
