using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// Soft adaptive policy optimisation (arXiv 2511.20347; verl 0.9.1, <c>core_algos.py</c>): GRPO's advantage; a sigmoid in place of the clip, steeper for
/// negative advantages: s = (4/τ)·σ(τ·(ρ − 1))·A, whose gradient at ρ = 1 is A·∇ρ.
/// </summary>
internal sealed class SapoObjective(SapoOptions options) : GroupObjective(options)
{
    public override string Name => "sapo";
}

/// <summary>SAPO, with the paper's settings: τ of 1 and 1.05, sequence mean, no KL.</summary>
[Variant("sapo")]
public sealed record SapoOptions : PolicyGradientOptions
{
    public SapoOptions() => Aggregation = LossAggregation.SequenceMean;

    [Description("τ of positive advantages: how steeply a ratio away from 1 loses its gradient.")]
    [Range(0.001, 1000.0)]
    public double TemperaturePositive { get; init; } = 1;

    [Description("τ of negative advantages.")]
    [Range(0.001, 1000.0)]
    public double TemperatureNegative { get; init; } = 1.05;

    internal override ISurrogate Surrogate => new SigmoidGate(TemperaturePositive, TemperatureNegative);

    public override IObjective Create() => new SapoObjective(this);
}

/// <summary>s = (4/τ)·σ(τ·(ρ − 1))·A. Nothing is cut off.</summary>
/// <param name="Positive">τ where A &gt; 0.</param>
/// <param name="Negative">τ elsewhere.</param>
internal sealed record SigmoidGate(double Positive, double Negative) : ISurrogate
{
    public (Tensor Cost, Tensor Clipped) Evaluate(Tensor policy, Tensor logRatio, Tensor advantages, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var ratio = logRatio.clamp(Scalars.Of(-LogRatio.Largest), Scalars.Of(LogRatio.Largest)).exp();
        var steepness = where(advantages > Scalars.Of(0), full_like(advantages, Scalars.Of(Positive)), full_like(advantages, Scalars.Of(Negative)));
        var gated = ((ratio - Scalars.Of(1)) * steepness).sigmoid() * Scalars.Of(4) / steepness;
        return ((gated * advantages).neg().MoveToOuterDisposeScope(), zeros_like(advantages).MoveToOuterDisposeScope());
    }
}
