using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// CISPO (MiniMax-M1, arXiv 2506.13585; verl 0.9.1, <c>core_algos.py</c>): GRPO's advantage; the ratio is a clipped weight, so that no token loses its
/// gradient: s = sg(clip(ρ, 1 − ε_low, 1 + ε_high))·A·log π_θ.
/// </summary>
internal sealed class CispoObjective(CispoOptions options) : GroupObjective(options)
{
    public override string Name => "cispo";
}

/// <summary>CISPO, as published: bounded from above alone, token mean, no KL.</summary>
[Variant("cispo")]
public sealed record CispoOptions : PolicyGradientOptions
{
    [Description("The weight π_θ/π_old is at least 1 − this; 1 sets no bound.")]
    [Range(0.0, 1.0)]
    public double EpsilonLow { get; init; } = 1;

    [Description("The weight π_θ/π_old is at most 1 + this; TRL's epsilon_high for cispo is the bound itself.")]
    [Range(0.0, 1000.0)]
    public double EpsilonHigh { get; init; } = 0.2;

    internal override ISurrogate Surrogate => new ClippedWeight(EpsilonLow, EpsilonHigh);

    public override IObjective Create() => new CispoObjective(this);
}

/// <summary>s = sg(clip(ρ, 1 − ε_low, 1 + ε_high))·A·log π_θ.</summary>
/// <param name="EpsilonLow">ε_low in [0, 1].</param>
/// <param name="EpsilonHigh">ε_high, 0 or more.</param>
internal sealed record ClippedWeight(double EpsilonLow, double EpsilonHigh) : ISurrogate
{
    public (Tensor Cost, Tensor Clipped) Evaluate(Tensor policy, Tensor logRatio, Tensor advantages, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var ratio = logRatio.detach().clamp(Scalars.Of(-LogRatio.Largest), Scalars.Of(LogRatio.Largest)).exp();
        var weight = ratio.clamp(Scalars.Of(1 - EpsilonLow), Scalars.Of(1 + EpsilonHigh));
        var clipped = (weight != ratio).to(ratio.dtype);
        return ((weight * advantages * policy).neg().MoveToOuterDisposeScope(), clipped.MoveToOuterDisposeScope());
    }
}
