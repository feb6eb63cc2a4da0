namespace FlowRL.Models.Families;

/// <summary>LFM2 and LFM2.5 (350M, 700M, 1.2B): gated short convolutions in most layers, attention with norms on heads in the others.</summary>
internal sealed class Lfm2 : ModelFamily
{
    private const string Convolution = "conv", Taps = "conv_L_cache", OlderWidth = "block_ff_dim", Adjusts = "block_auto_adjust_ff_dim";

    private static readonly PlainFields.Defaults Defaults = new(Context: 128000)
    {
        KeyValueHeads = 8,
        NormEpsilon = 1e-5,
        NormEpsilonKey = "norm_eps",
        TiedEmbeddings = true,
        RopeTheta = 1e6,
        EndOfSequenceIds = [2],
        BeginOfSequenceId = 1,
    };

    private static readonly WeightNames Names = WeightNames.Plain with
    {
        FinalNorm = "model.embedding_norm.weight",
        InputNorm = "operator_norm",
        PostNorm = "ffn_norm",
        Output = "self_attn.out_proj",
        QueryNorm = "self_attn.q_layernorm",
        KeyNorm = "self_attn.k_layernorm",
        Gate = "feed_forward.w1",
        Up = "feed_forward.w3",
        Down = "feed_forward.w2",
    };

    public override string Name => "lfm2";

    public override string Architecture => "Lfm2ForCausalLM";

    public override DecoderConfig Read(IModelFields fields)
    {
        var defaults = fields.Has(OlderWidth) ? Defaults with { FeedForwardKey = OlderWidth } : Defaults;
        var plain = PlainFields.Read(Name, fields, defaults);
        if (fields.Bool("conv_bias", false)) fields.Refuse("conv_bias", "is true, and convolutions with biases are not supported; use a model without");
        if (fields.Int("block_dim", plain.Width) != plain.Width)
            fields.Refuse("block_dim", $"is not hidden_size {plain.Width}; use a model where both are the same");
        var attends = fields.Has("full_attn_idxs") ? fields.Ids("full_attn_idxs", []) : null;
        var kinds = LayerFields.Kinds(fields, plain.Layers, layer => attends?.Contains(layer) == false ? Convolution : LayerFields.Full,
            Convolution, LayerFields.Full);
        return plain with
        {
            FeedForwardWidth = Adjusted(fields, plain.FeedForwardWidth),
            QueryKeyNorm = QueryKeyNorm.EachHead,
            ConvolutionTaps = fields.Int(Taps, 3),
            TiedEmbeddings = fields.Bool("tie_embedding", plain.TiedEmbeddings),
            LayerShapes = LayerShape.Listed(kinds.Select(kind =>
                LayerShape.Plain with { Mixing = kind == Convolution ? LayerMixing.ShortConvolution : LayerMixing.Attention })),
            Names = Names,
        };
    }

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config) => PlainFields.Write(config, Defaults)
        .With(Adjusts, false).With(Taps, config.ConvolutionTaps).With("conv_bias", false)
        .With("layer_types", Enumerable.Range(0, config.Layers).Select(layer =>
            config.ShapeOf(layer).Mixing == LayerMixing.ShortConvolution ? Convolution : LayerFields.Full).ToArray());

    /// <summary>Two thirds of the width that the file says, by its factor, up to a multiple of its step.</summary>
    private static int Adjusted(IModelFields fields, int written)
    {
        var (adjusts, factor, step) = (fields.Bool(Adjusts, true), fields.Double("block_ffn_dim_multiplier", 1), fields.Int("block_multiple_of", 256));
        if (!adjusts) return written;
        if (step < 1) fields.Refuse("block_multiple_of", $"is {step} and must be at least 1");
        if (!(factor > 0 && factor <= 1000)) fields.Refuse("block_ffn_dim_multiplier", "must be above 0 and at most 1000");
        if (step < 1 || !(factor > 0 && factor <= 1000)) return written;
        var scaled = (long)(factor * (2L * written / 3));
        return (int)Math.Min((scaled + step - 1) / step * step, int.MaxValue);
    }
}
