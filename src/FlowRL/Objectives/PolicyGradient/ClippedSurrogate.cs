using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// The clipped surrogate of PPO (arXiv 1707.06347, equation 7) with bounds of its own on either side (clip-higher: arXiv 2503.14476,
/// equation 10) and, for negative advantages, the dual clip of arXiv 1912.09729:
/// <code>
/// ρ = π_θ/π_old,   s = min(ρ·A, clip(ρ, 1 − ε_low, 1 + ε_high)·A)
/// A &lt; 0 with dual clip c:   s = max(s, c·A)
/// </code>
/// At ρ = 1 the gradient of s is A·∇log π_θ, the policy gradient.
/// </summary>
/// <param name="EpsilonLow">ε_low in [0, 1].</param>
/// <param name="EpsilonHigh">ε_high, 0 or more.</param>
/// <param name="DualClip">c above 1; 0 switches the dual clip off. Above 1 + ε_high it is also the two-sided clip of arXiv 2505.07291 (TRL's delta).</param>
internal sealed record ClippedSurrogate(double EpsilonLow, double EpsilonHigh, double DualClip) : ISurrogate
{
    public (Tensor Cost, Tensor Clipped) Evaluate(Tensor policy, Tensor logRatio, Tensor advantages, Tensor mask)
    {
        const double largest = LogRatio.Largest;
        using var scope = NewDisposeScope();
        var ratio = logRatio.clamp(Scalars.Of(-largest), Scalars.Of(largest)).exp();
        var free = ratio * advantages;
        var surrogate = minimum(free, ratio.clamp(Scalars.Of(1 - EpsilonLow), Scalars.Of(1 + EpsilonHigh)) * advantages);
        if (DualClip > 0)
        {
            surrogate = where(advantages < Scalars.Of(0), maximum(surrogate, advantages * Scalars.Of(DualClip)), surrogate);
        }
        var clipped = (surrogate != free).to(free.dtype);
        return (surrogate.neg().MoveToOuterDisposeScope(), clipped.MoveToOuterDisposeScope());
    }
}
