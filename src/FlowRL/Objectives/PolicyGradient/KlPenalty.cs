using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>The estimators of <see cref="KlEstimator"/>, token by token. ℓ = log π − log π_ref.</summary>
internal static class KlPenalty
{
    // e^20 is 4.9e8: finite in fp32, and far beyond any use.
    private const double LargestExponent = 20;

    /// <summary>Of one token; ℓ in nats.</summary>
    public static double Of(KlEstimator estimator, double logRatio) => estimator switch
    {
        KlEstimator.K1 => logRatio,
        KlEstimator.K2 => logRatio * logRatio / 2,
        _ => Math.Exp(Math.Min(-logRatio, LargestExponent)) - 1 + logRatio,
    };

    /// <summary>Of each element, with gradient. The result belongs to the current scope.</summary>
    public static Tensor Of(KlEstimator estimator, Tensor logRatio) => estimator switch
    {
        KlEstimator.K1 => logRatio,
        KlEstimator.K2 => logRatio.Squared() / Scalars.Of(2),
        _ => (-logRatio).clamp_max(Scalars.Of(LargestExponent)).expm1().Plus(logRatio),
    };
}

/// <summary>The pull to the reference policy.</summary>
public sealed record KlOptions : IValidated
{
    [Description("Weight of the divergence from the reference; 0 leaves it out, and the reference is then not computed.")]
    [Range(0.0, 1000.0)]
    public double Coefficient { get; init; }

    [Description("Where it acts: a term of the loss, or subtracted from each token's reward.")]
    public KlPlacement Placement { get; init; } = KlPlacement.Loss;

    [Description("How it is estimated from samples: k1, k2 or k3.")]
    public KlEstimator Estimator { get; init; } = KlEstimator.K3;

    [Description("Multiply the estimate by the ratio π_θ/π_old of its token, so that its gradient is right for samples of an older policy; in the loss only.")]
    public bool Weighted { get; init; }

    [Description("Adapt the coefficient so that the divergence of whole responses, in nats, stays near this; fixed unless given.")]
    [Range(0.0001, 100000.0)]
    public double? Target { get; init; }

    [Description("Responses over which an adaptive coefficient moves by the relative error of the divergence; 10000 unless given.")]
    [Range(1, 1 << 24)]
    public int? Horizon { get; init; }

    /// <summary>Whether the objective needs the reference's log-probabilities.</summary>
    internal bool IsOn => Coefficient > 0;

    public IEnumerable<string> Validate()
    {
        if (Target is null && Horizon is not null) yield return "horizon: has no effect without target; remove it, or give target.";
        if (Weighted && Placement == KlPlacement.Reward) yield return "weighted: has no effect with placement: reward; remove it, or set placement: loss.";
        if (Target is not null && !IsOn) yield return "target: an adaptive coefficient that starts at 0 stays there; give coefficient.";
    }
}

/// <summary>
/// How KL(π_θ ‖ π_ref) is estimated from sampled tokens; ℓ = log π_θ − log π_ref. Names from Schulman, "Approximating KL
/// divergence", 2020.
/// </summary>
public enum KlEstimator
{
    /// <summary>ℓ: unbiased, also where it is negative. As a loss its gradient has mean zero; in the reward it is the exact penalty.</summary>
    K1,

    /// <summary>ℓ²/2: as an on-policy loss its gradient is that of the divergence.</summary>
    K2,

    /// <summary>e^(−ℓ) − 1 + ℓ: unbiased and never negative (arXiv 2402.03300, equation 4).</summary>
    K3,
}

/// <summary>Where the pull to the reference acts.</summary>
public enum KlPlacement
{
    /// <summary>A term of the loss, at the current parameters.</summary>
    Loss,

    /// <summary>Subtracted from the reward of each token when credit is assigned.</summary>
    Reward,
}

/// <summary>
/// The coefficient of the KL penalty over the run. With a target it follows the proportional controller of Ziegler et al. 2019
/// (arXiv 1909.08593, section 2.2): e = clip(KL/target − 1, −0.2, 0.2), coefficient ← coefficient·(1 + e·responses/horizon).
/// </summary>
internal sealed class KlController(KlOptions options)
{
    private const double LargestError = 0.2;
    private const int DefaultHorizon = 10000;

    public double Coefficient { get; set; } = options.Coefficient;

    /// <param name="kl">Nats a response, mean over <paramref name="responses"/>.</param>
    /// <param name="responses">Responses behind the mean.</param>
    public void Observe(double kl, int responses)
    {
        if (options.Target is not { } target) return;
        var error = Math.Clamp(kl / target - 1, -LargestError, LargestError);
        // A batch larger than five horizons would otherwise turn the coefficient negative.
        Coefficient *= Math.Max(0.5, 1 + error * responses / (options.Horizon ?? DefaultHorizon));
    }
}
