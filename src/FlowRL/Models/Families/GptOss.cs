namespace FlowRL.Models.Families;

/// <summary>gpt-oss (20B, 120B) from BF16 weights: experts in one tensor a matrix, attention sinks, biases, a window on every other layer.</summary>
internal sealed class GptOss : ModelFamily
{
    private const int DefaultWindow = 128;
    private const string Count = "num_local_experts", Chosen = "num_experts_per_tok", Limit = "swiglu_limit", Alpha = "swiglu_alpha";
    private const string Coefficient = "router_aux_loss_coef", Trains = "output_router_logits";

    private static readonly PlainFields.Defaults Defaults = new(Context: 131072)
    {
        HeadWidth = 64,
        KeyValueHeads = 8,
        NormEpsilon = 1e-5,
        RopeTheta = 150000,
        EndOfSequenceIds = [200002],
    };

    private static readonly WeightNames Names = WeightNames.Plain with { Router = "mlp.router" };

    public override string Name => "gpt_oss";

    public override string Architecture => "GptOssForCausalLM";

    public override DecoderConfig Read(IModelFields fields)
    {
        var plain = PlainFields.Read(Name, fields, Defaults);
        var bias = fields.Bool("attention_bias", true);
        var kinds = LayerFields.Kinds(fields, plain.Layers, layer => layer % 2 == 0 ? LayerFields.Sliding : LayerFields.Full,
            LayerFields.Sliding, LayerFields.Full);
        return plain with
        {
            QueryKeyValueBias = bias,
            OutputBias = bias,
            AttentionSinks = true,
            LayerShapes = LayerFields.Windows(fields, kinds, plain.ContextLength, DefaultWindow),
            Experts = new ExpertShape(fields.Int(Count, 128), fields.Int(Chosen, 4), plain.FeedForwardWidth)
            {
                AreStacked = true,
                Clamp = new ClampedGate(fields.Double(Limit, 7), fields.Double(Alpha, 1.702)),
                BalanceCoefficient = fields.Double(Coefficient, 0.9),
                TrainsBalance = fields.Bool(Trains, false),
            },
            Names = Names,
        };
    }

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config)
    {
        var fields = PlainFields.Write(config).With("attention_bias", config.OutputBias).With("layer_types", LayerFields.WrittenKinds(config))
            .With("sliding_window", LayerFields.WrittenWindow(config));
        return config.Experts is not { } experts ? fields : fields.With(Count, experts.Count).With(Chosen, experts.Chosen)
            .With(Limit, experts.Clamp?.Limit).With(Alpha, experts.Clamp?.Alpha).With(Coefficient, experts.BalanceCoefficient)
            .With(Trains, experts.TrainsBalance);
    }
}
