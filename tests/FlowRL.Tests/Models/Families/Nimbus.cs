using FlowRL.Models;
using FlowRL.Models.Families;

namespace FlowRL.Tests.Models.Families;

/// <summary>
/// A family that is made up: a llama whose embeddings are multiplied, whose gates go through silu or gelu, with norms on heads, biases in the
/// feed-forward block, and names of its own. This is all that a family of known parts takes.
/// </summary>
internal sealed class Nimbus : ModelFamily
{
    private static readonly PlainFields.Defaults Defaults = new(Context: 512) { Gates = [GateActivation.GeluTanh, GateActivation.Silu] };

    private static readonly WeightNames Names = WeightNames.Plain with
    {
        Embedding = "backbone.embedding.weight",
        FinalNorm = "backbone.last_norm.weight",
        Layers = "backbone.blocks.",
        Query = "attention.q_proj",
        Key = "attention.k_proj",
        Value = "attention.v_proj",
        Output = "attention.o_proj",
        QueryNorm = "attention.q_norm",
        KeyNorm = "attention.k_norm",
        Gate = "feed.gate",
        Up = "feed.up",
        Down = "feed.down",
    };

    public override string Name => "nimbus";

    public override string Architecture => "NimbusForCausalLM";

    public override DecoderConfig Read(IModelFields fields) => PlainFields.Read(Name, fields, Defaults) with
    {
        EmbeddingScale = fields.Double("embedding_multiplier", 1),
        QueryKeyNorm = QueryKeyNorm.EachHead,
        FeedForwardBias = true,
        Names = Names,
    };

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config) => new Dictionary<string, object?>(PlainFields.Write(config))
    {
        ["embedding_multiplier"] = config.EmbeddingScale,
    };
}
