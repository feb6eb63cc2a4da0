namespace FlowRL.Models.Families;

/// <summary>
/// Phi-3, Phi-3.5 and Phi-4-mini: queries, keys and values in one matrix, gates and ups in another; heads that turn in part; rotary divisors for short and for
/// long sequences.
/// </summary>
internal sealed class Phi3 : ModelFamily
{
    private const string Original = "original_max_position_embeddings", Share = "partial_rotary_factor";
    private static readonly PlainFields.Defaults Defaults = new(Context: 4096)
    {
        NormEpsilon = 1e-5,
        EndOfSequenceIds = [32000],
        BeginOfSequenceId = 1,
        RotatedShare = 1,
        HasLongRope = true,
    };

    private static readonly WeightNames Names =
        WeightNames.Plain with { QueryKeyValue = "self_attn.qkv_proj", GateUp = "mlp.gate_up_proj" };

    public override string Name => "phi3";

    public override string Architecture => "Phi3ForCausalLM";

    public override DecoderConfig Read(IModelFields fields)
    {
        var plain = PlainFields.Read(Name, fields, Defaults);
        return plain with { LayerShapes = LayerFields.OneWindow(fields, plain.Layers, plain.ContextLength, null), Names = Names };
    }

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config)
    {
        var fields = PlainFields.Write(config).With(Share, (config.RotatedWidth ?? config.HeadWidth) / (double)config.HeadWidth)
            .With(Original, (config.RopeScaling as RopeScaling.LongRope)?.OriginalContextLength);
        fields["sliding_window"] = config.LayerShapes.Count == 0 ? null : LayerFields.WrittenWindow(config);
        return fields;
    }
}
