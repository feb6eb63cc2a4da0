using FlowRL.Models.Attention;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models.Layers;

/// <summary>Grouped-query attention. Legend: N tokens, D width, H heads of width Dh, Hkv of them with keys and values.</summary>
internal sealed class AttentionMixing : IMixing
{
    private readonly DecoderConfig _config;
    private readonly LayerAttention _attention;
    private readonly RmsNorm? _queryNorm, _keyNorm;
    private readonly InputProducts _products;
    private readonly Linear _output;

    public AttentionMixing(int index, LayerLayout layout, LayerWeights weights)
    {
        _config = weights.Config;
        _attention = new LayerAttention(index, _config.AttentionOf(index), layout.Sinks is { } sinks ? weights.Of(sinks) : null);
        _products = weights.Products(layout[Projection.QProj], layout[Projection.KProj], layout[Projection.VProj]);
        _output = weights.Product(layout[Projection.OProj]);
        (_queryNorm, _keyNorm) = (weights.OptionalNorm(layout.QueryNorm), weights.OptionalNorm(layout.KeyNorm));
    }

    public Tensor Apply(Tensor x, (Tensor Cos, Tensor Sin)? rotation, IAttention attention)
    {
        using var scope = NewDisposeScope();
        var projected = _products.Apply(x);
        var (queries, gate) = _config.OutputGate ? Split(projected[0]) : (projected[0], null);
        var q = Heads(queries, _config.Heads, _queryNorm);            // (N, H, Dh)
        var k = Heads(projected[1], _config.KeyValueHeads, _keyNorm); // (N, Hkv, Dh)
        var v = Heads(projected[2], _config.KeyValueHeads, null);     // (N, Hkv, Dh)
        if (rotation is { } turn) (q, k) = (RotaryEmbedding.Rotate(q, turn), RotaryEmbedding.Rotate(k, turn));
        if (_config.QueryGrowth is { } growth) q = q * Growth(growth, attention.Positions);
        var attended = attention.Attend(_attention, q, k, v);
        return _output.Apply(gate is null ? attended : attended * gate.sigmoid()).MoveToOuterDisposeScope();
    }

    private Tensor Heads(Tensor x, int heads, RmsNorm? norm)
    {
        if (norm is null) return x.view(-1, heads, _config.HeadWidth);
        return _config.QueryKeyNorm == QueryKeyNorm.AllHeads ? norm.Value.Apply(x).view(-1, heads, _config.HeadWidth)
            : norm.Value.Apply(x.view(-1, heads, _config.HeadWidth));
    }

    /// <summary>(N, H · 2 Dh) to (N, H · Dh) queries and (N, H · Dh) gates: they alternate by head.</summary>
    private (Tensor Queries, Tensor? Gate) Split(Tensor both)
    {
        var halves = both.view(-1, _config.Heads, 2, _config.HeadWidth);
        Tensor Half(int which) => halves.select(2, which).reshape(-1, (long)_config.Heads * _config.HeadWidth);
        return (Half(0), Half(1));
    }

    private static Tensor Growth(QueryGrowth growth, Tensor positions) =>
        (positions.to_type(ScalarType.Float32) / Scalars.Of((double)growth.OriginalContextLength)).floor().log1p()
            .mul(Scalars.Of(growth.Beta)).add(Scalars.Of(1L), Scalars.Of(1L)).view(-1, 1, 1);
}
