namespace FlowRL.Models.Families;

/// <summary>Qwen3 with experts (30B-A3B, 235B-A22B): a softmax over all of them, the best few of it, mostly divided by their sum.</summary>
internal sealed class Qwen3Moe : ModelFamily
{
    private const string Count = "num_experts", NewerCount = "num_local_experts", Chosen = "num_experts_per_tok", Width = "moe_intermediate_size";
    private const string Renormalises = "norm_topk_prob", Coefficient = "router_aux_loss_coef", Trains = "output_router_logits";
    private const string Dense = "mlp_only_layers", Step = "decoder_sparse_step";

    private static readonly PlainFields.Defaults Defaults = new(Context: 32768) { KeyValueHeads = 4 };

    public override string Name => "qwen3_moe";

    public override string Architecture => "Qwen3MoeForCausalLM";

    public override DecoderConfig Read(IModelFields fields)
    {
        var plain = PlainFields.Read(Name, fields, Defaults);
        var attentionBias = fields.Bool("attention_bias", false);
        var (dense, step) = (fields.Ids(Dense, []), Math.Max(1, fields.Int(Step, 1)));
        var layers = Enumerable.Range(0, LayerFields.Bounded(plain.Layers));
        return plain with
        {
            QueryKeyValueBias = attentionBias,
            OutputBias = attentionBias,
            QueryKeyNorm = QueryKeyNorm.EachHead,
            Experts = new ExpertShape(fields.Int(fields.Has(Count) ? Count : NewerCount, 128), fields.Int(Chosen, 8), fields.Int(Width, 768))
            {
                Renormalises = fields.Bool(Renormalises, false),
                BalanceCoefficient = fields.Double(Coefficient, 0.001),
                TrainsBalance = fields.Bool(Trains, false),
            },
            LayerShapes = LayerShape.Listed(layers.Select(
                layer => LayerShape.Plain with { IsDense = dense.Contains(layer) || (layer + 1) % step != 0 })),
        };
    }

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config)
    {
        var fields = PlainFields.Write(config).With("attention_bias", config.OutputBias)
            .With(Dense, Enumerable.Range(0, config.Layers).Where(layer => config.ShapeOf(layer).IsDense).ToArray()).With(Step, 1);
        return config.Experts is not { } experts ? fields : fields.With(Count, experts.Count).With(Chosen, experts.Chosen).With(Width, experts.Width)
            .With(Renormalises, experts.Renormalises).With(Coefficient, experts.BalanceCoefficient).With(Trains, experts.TrainsBalance);
    }

    public override IEnumerable<string> Unsayable(DecoderConfig config) => config.Experts is null ? ["qwen3_moe always has experts"] : [];
}
