namespace FlowRL.Objectives.PolicyGradient;

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
