namespace FlowRL.Models;

/// <summary>One of a layer's matrices: (<paramref name="Outputs"/>, <paramref name="Inputs"/>), and whether a bias goes with it.</summary>
/// <param name="Name">Its name inside the layer, such as <c>self_attn.q_proj</c>.</param>
/// <param name="Outputs">Rows.</param>
/// <param name="Inputs">Columns.</param>
/// <param name="HasBias">Whether the family adds a bias.</param>
internal sealed record ProjectionShape(string Name, long Outputs, long Inputs, bool HasBias)
{
    public static ProjectionShape Of(DecoderConfig config, Projection projection)
    {
        long width = config.Width, hidden = config.FeedForwardWidth;
        long queries = (long)config.Heads * config.HeadWidth, keys = (long)config.KeyValueHeads * config.HeadWidth;
        return projection switch
        {
            Projection.QProj => new("self_attn.q_proj", queries, width, config.QueryKeyValueBias),
            Projection.KProj => new("self_attn.k_proj", keys, width, config.QueryKeyValueBias),
            Projection.VProj => new("self_attn.v_proj", keys, width, config.QueryKeyValueBias),
            Projection.OProj => new("self_attn.o_proj", width, queries, config.OutputBias),
            Projection.GateProj => new("mlp.gate_proj", hidden, width, config.FeedForwardBias),
            Projection.UpProj => new("mlp.up_proj", hidden, width, config.FeedForwardBias),
            _ => new("mlp.down_proj", width, hidden, config.FeedForwardBias),
        };
    }
}
