namespace FlowRL.Models.Families;

/// <summary>Granite 4's dense models (350M, 1B, micro): Granite with gates and ups in one matrix. Those with Mamba layers or experts are refused.</summary>
internal sealed class GraniteMoeHybrid : ModelFamily
{
    private const string Positions = "position_embedding_type", Experts = "num_local_experts", Older = "attention";
    private static readonly PlainFields.Defaults Defaults = Granite.Defaults with { FeedForwardKey = "shared_intermediate_size" };

    private static readonly WeightNames Names =
        WeightNames.Plain with { GateUp = "shared_mlp.input_linear", Down = "shared_mlp.output_linear" };

    public override string Name => "granitemoehybrid";

    public override string Architecture => "GraniteMoeHybridForCausalLM";

    public override DecoderConfig Read(IModelFields fields)
    {
        var plain = Granite.WithScales(PlainFields.Read(Name, fields, Defaults), fields);
        if (fields.Int(Experts, 8) is var experts and not 0)
            fields.Refuse(Experts, $"is {experts}: experts are not supported in this family; use a dense model, which has 0");
        if (fields.Texts("layer_types") is null)
            fields.Refuse("layer_types", "is missing, which means Mamba layers; use a model with attention on every layer");
        _ = LayerFields.Kinds(fields, plain.Layers, _ => LayerFields.Full, LayerFields.Full, Older);
        var shape = LayerShape.Plain with { Turns = Turns(fields) };
        return plain with { LayerShapes = LayerShape.Listed(Enumerable.Repeat(shape, LayerFields.Bounded(plain.Layers))), Names = Names };
    }

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config)
    {
        var fields = Granite.Written(config, Defaults).With(Experts, 0).With("num_experts_per_tok", 0).With("intermediate_size", config.FeedForwardWidth)
            .With("layer_types", Enumerable.Repeat(LayerFields.Full, config.Layers).ToArray());
        fields[Positions] = config.ShapeOf(0).Turns ? "rope" : null;
        return fields;
    }

    private static bool Turns(IModelFields fields)
    {
        if (fields.Text(Positions) is not { } positions) return false;
        if (positions != "rope") fields.Refuse(Positions, $"is '{positions}'; rope and null (none) are supported");
        return true;
    }
}
