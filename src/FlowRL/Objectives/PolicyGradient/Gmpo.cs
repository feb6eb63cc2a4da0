using FlowRL.Configuration;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// Geometric-mean policy optimisation (arXiv 2507.20673; verl 0.9.1, <c>core_algos.py</c>): GRPO's advantage; one ratio a response, the geometric mean of
/// token ratios that are clipped in logs where they have gone in the direction of the advantage: a single outlier moves it little.
/// </summary>
internal sealed class GmpoObjective(GmpoOptions options) : GroupObjective(options)
{
    public override string Name => "gmpo";
}

/// <summary>GMPO, with the paper's settings: token ratios within e^±0.4, sequence mean, no KL.</summary>
[Variant("gmpo")]
public sealed record GmpoOptions : ClippedSurrogateOptions
{
    public GmpoOptions()
    {
        EpsilonLow = 0.4;
        EpsilonHigh = 0.4;
        Aggregation = LossAggregation.SequenceMean;
    }

    internal override ISurrogate Surrogate => new GeometricMean(EpsilonLow, EpsilonHigh);

    public override IEnumerable<string> Validate()
    {
        foreach (var error in base.Validate()) yield return error;
        if (DualClip != 0) yield return "dual_clip: has no effect with gmpo; remove it.";
    }

    public override IObjective Create() => new GmpoObjective(this);
}

/// <summary>s = ρ̄·A with log ρ̄ the mean over tokens of log ρ_t, bounded by −ε_low where A &lt; 0 and by ε_high where A &gt; 0.</summary>
/// <param name="Low">ε_low, in logs.</param>
/// <param name="High">ε_high, in logs.</param>
internal sealed record GeometricMean(double Low, double High) : ISurrogate
{
    public (Tensor Cost, Tensor Clipped) Evaluate(Tensor policy, Tensor logRatio, Tensor advantages, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var bounded = where(advantages > Scalars.Of(0), logRatio.clamp_max(Scalars.Of(High)),
            where(advantages < Scalars.Of(0), logRatio.clamp_min(Scalars.Of(-Low)), logRatio));
        var clipped = (bounded != logRatio).to(logRatio.dtype);
        var mean = Masked.Mean(bounded, mask).clamp(Scalars.Of(-LogRatio.Largest), Scalars.Of(LogRatio.Largest)).exp().unsqueeze(1); // (B, 1)
        return ((mean * advantages).neg().MoveToOuterDisposeScope(), clipped.MoveToOuterDisposeScope());
    }
}
