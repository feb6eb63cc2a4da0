using FlowRL.Models.Attention;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>One pre-norm transformer layer: grouped-query attention, then a gated feed-forward block. Borrows its weights.</summary>
internal sealed class DecoderLayer
{
    private readonly DecoderConfig _config;
    private readonly LayerAttention _attention;
    private readonly RmsNorm _inputNorm, _postNorm;
    private readonly RmsNorm? _queryNorm, _keyNorm;
    private readonly Linear _query, _key, _value, _output, _gate, _up, _down;

    /// <param name="config">The shape.</param>
    /// <param name="index">Which layer, from 0 on.</param>
    /// <param name="layout">What its weights are called.</param>
    /// <param name="weights">Has them.</param>
    /// <param name="adapter">Gives the adapter of a matrix by the matrix's name; null for none.</param>
    public DecoderLayer(DecoderConfig config, int index, LayerLayout layout, WeightSet weights, Func<string, LowRank?> adapter)
    {
        _config = config;
        _attention = new LayerAttention(index, config.AttentionOf(index), null);
        Rotary = config.RotaryOf(index);
        RmsNorm Norm(WeightShape norm) => new(weights[norm.Name], config.NormEpsilon);
        Linear Project(Projection projection)
        {
            var (matrix, bias) = layout[projection];
            return new(weights[matrix.Name], bias is null ? null : weights[bias.Name], adapter(matrix.Name));
        }

        _inputNorm = Norm(layout.InputNorm);
        _query = Project(Projection.QProj);
        _key = Project(Projection.KProj);
        _value = Project(Projection.VProj);
        _output = Project(Projection.OProj);
        _queryNorm = layout.QueryNorm is { } query ? Norm(query) : null;
        _keyNorm = layout.KeyNorm is { } key ? Norm(key) : null;
        _postNorm = Norm(layout.PostNorm);
        _gate = Project(Projection.GateProj);
        _up = Project(Projection.UpProj);
        _down = Project(Projection.DownProj);
    }

    /// <summary>How its heads turn; null where they do not.</summary>
    public RotaryRule? Rotary { get; }

    /// <summary>(N, D) to (N, D).</summary>
    /// <param name="x">(N, D).</param>
    /// <param name="rotation">That of <see cref="Rotary"/> at each token's position; null where heads do not turn.</param>
    /// <param name="attention">Which tokens see which.</param>
    public Tensor Apply(Tensor x, (Tensor Cos, Tensor Sin)? rotation, IAttention attention)
    {
        using var scope = NewDisposeScope();
        var attended = x.Plus(Attend(_inputNorm.Apply(x), rotation, attention));
        return attended.Plus(FeedForward(_postNorm.Apply(attended))).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor x, (Tensor Cos, Tensor Sin)? rotation, IAttention attention)
    {
        using var scope = NewDisposeScope();
        var q = Heads(_query.Apply(x), _config.Heads);         // (N, H, Dh)
        var k = Heads(_key.Apply(x), _config.KeyValueHeads);   // (N, Hkv, Dh)
        var v = Heads(_value.Apply(x), _config.KeyValueHeads); // (N, Hkv, Dh)
        (q, k) = (_queryNorm?.Apply(q) ?? q, _keyNorm?.Apply(k) ?? k);
        if (rotation is { } turn) (q, k) = (RotaryEmbedding.Rotate(q, turn), RotaryEmbedding.Rotate(k, turn));
        return _output.Apply(attention.Attend(_attention, q, k, v)).MoveToOuterDisposeScope();
    }

    private Tensor FeedForward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return _down.Apply(Gate.Apply(_config.Gate, _gate.Apply(x), _up.Apply(x))).MoveToOuterDisposeScope();
    }

    private Tensor Heads(Tensor x, int heads) => x.view(-1, heads, _config.HeadWidth);
}
