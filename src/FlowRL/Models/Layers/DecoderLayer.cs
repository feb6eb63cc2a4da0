using FlowRL.Models.Attention;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models.Layers;

/// <summary>
/// One transformer layer: what mixes tokens, then a feed-forward block, each a branch of the residual stream with norms around it. Borrows its weights.
/// </summary>
internal sealed class DecoderLayer
{
    private readonly double _scale;
    private readonly RmsNorm? _inputNorm, _attentionOutputNorm, _postNorm, _feedForwardOutputNorm;
    private readonly IMixing _mixing;
    private readonly IFeedForward _feedForward;

    /// <param name="index">Which layer, from 0 on.</param>
    /// <param name="layout">What its weights are called.</param>
    /// <param name="weights">Has them.</param>
    public DecoderLayer(int index, LayerLayout layout, LayerWeights weights)
    {
        var config = weights.Config;
        _scale = config.ResidualScale;
        Rotary = config.RotaryOf(index);
        _inputNorm = weights.OptionalNorm(layout.InputNorm);
        _attentionOutputNorm = weights.OptionalNorm(layout.AttentionOutputNorm);
        _postNorm = weights.OptionalNorm(layout.PostNorm);
        _feedForwardOutputNorm = weights.OptionalNorm(layout.FeedForwardOutputNorm);
        _mixing = layout.Convolution is { } convolution ? new ShortConvolution(index, convolution, weights)
            : layout.DeltaRule is { } rule ? new GatedDeltaRule(index, rule, weights)
            : new AttentionMixing(index, layout, weights);
        _feedForward = layout.Experts is { } experts ? new ExpertFeedForward(index, experts, weights) : new GatedFeedForward(layout, weights);
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
        var mixed = Add(x, _mixing.Apply(Norm(_inputNorm, x), rotation, attention), _attentionOutputNorm);
        return Add(mixed, _feedForward.Apply(Norm(_postNorm, mixed), attention), _feedForwardOutputNorm).MoveToOuterDisposeScope();
    }

    private Tensor Add(Tensor x, Tensor branch, RmsNorm? norm)
    {
        var normed = Norm(norm, branch);
        return x.Plus(_scale == 1 ? normed : normed * Scalars.Of(_scale));
    }

    private static Tensor Norm(RmsNorm? norm, Tensor x) => norm?.Apply(x) ?? x;
}

/// <summary>What mixes the tokens of a sequence with each other.</summary>
internal interface IMixing
{
    /// <summary>(N, D) to (N, D).</summary>
    Tensor Apply(Tensor x, (Tensor Cos, Tensor Sin)? rotation, IAttention attention);
}

/// <summary>What computes on each token by itself.</summary>
internal interface IFeedForward
{
    /// <summary>(N, D) to (N, D).</summary>
    Tensor Apply(Tensor x, IAttention attention);
}
