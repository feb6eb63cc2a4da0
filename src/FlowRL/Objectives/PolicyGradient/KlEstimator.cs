namespace FlowRL.Objectives.PolicyGradient;

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
