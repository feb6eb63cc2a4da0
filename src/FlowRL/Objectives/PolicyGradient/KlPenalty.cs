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
