using FlowRL.Models.Attention;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models.Layers;

/// <summary>
/// Qwen3.5's mixing (gated DeltaNet, arXiv 2412.06464): queries, keys and values go through a short convolution and silu, queries and keys are brought to
/// length 1, and each value head keeps a matrix that every token decays and corrects (<see cref="DeltaRule"/>). What is read from it is normalised and gated.
/// </summary>
/// <remarks>N tokens, Hk and Hv heads of keys and values, dk and dv their widths, Hv a multiple of Hk.</remarks>
internal sealed class GatedDeltaRule : IMixing
{
    private const double LengthEpsilon = 1e-6;

    private readonly int _index;
    private readonly DeltaRuleShape _shape;
    private readonly InputProducts _products;
    private readonly Linear _output;
    private readonly RmsNorm _norm;
    private readonly Tensor _taps, _timeBias, _decay;

    public GatedDeltaRule(int index, DeltaRuleLayout layout, LayerWeights weights)
    {
        (_index, _shape) = (index, weights.Config.DeltaRule!);
        _products = weights.Products(layout.QueryKeyValue, layout.Gate, layout.Strength, layout.Time);
        (_output, _norm) = (weights.Product(layout.Output), weights.Norm(layout.Norm));
        (_taps, _timeBias, _decay) = (weights.Of(layout.Taps), weights.Of(layout.TimeBias), weights.Of(layout.Decay));
    }

    public Tensor Apply(Tensor x, (Tensor Cos, Tensor Sin)? rotation, IAttention attention)
    {
        using var scope = NewDisposeScope();
        var projected = _products.Apply(x);
        var mixed = nn.functional.silu(attention.Convolve(_index, projected[0], _taps.squeeze(1).to_type(x.dtype)));
        long keys = (long)_shape.KeyHeads * _shape.KeyWidth, values = (long)_shape.ValueHeads * _shape.ValueWidth;
        var q = Unit(mixed.narrow(1, 0, keys)) * Scalars.Of(1 / Math.Sqrt(_shape.KeyWidth));
        var k = Unit(mixed.narrow(1, keys, keys));
        var v = mixed.narrow(1, 2 * keys, values).view(-1, _shape.ValueHeads, _shape.ValueWidth);
        var kept = _decay.exp() * SoftPlus(projected[3].Plus(_timeBias)) * Scalars.Of(-1L); // (N, Hv) logarithms
        var read = attention.Recur(_index, new DeltaInputs(q, k, v, kept, projected[2].sigmoid()));       // (N, Hv, dv)
        var gate = nn.functional.silu(projected[1].view(-1, _shape.ValueHeads, _shape.ValueWidth));
        return _output.Apply((_norm.Apply(read) * gate).view(-1, values)).MoveToOuterDisposeScope();
    }

    /// <summary>ln(1 + eˣ).</summary>
    private static Tensor SoftPlus(Tensor x) => nn.functional.relu(x).Plus(x.abs().neg().exp().log1p());

    /// <summary>(N, Hk · dk) to (N, Hv, dk): of length 1, each key head for the value heads that it serves.</summary>
    private Tensor Unit(Tensor x)
    {
        var heads = x.view(-1, _shape.KeyHeads, _shape.KeyWidth);
        var inverse = heads.Squared().sum([-1L], keepdim: true).add(Scalars.Of(LengthEpsilon), Scalars.Of(1L)).rsqrt();
        return (heads * inverse).repeat_interleave(_shape.ValueHeads / _shape.KeyHeads, 1);
    }
}
