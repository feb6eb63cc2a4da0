using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// Truncated importance sampling between the policy at the start of the updates and the one that sampled, with outliers left out:
/// <code>
/// v_t = min(π_proximal(y_t)/π_sampler(y_t), C)      token level;  sequence level: the product over t inside the minimum
/// v = 0 for a response whose geometric mean ratio leaves [1/b, b], or with a token whose ratio is below the veto
/// </code>
/// It multiplies the surrogate, whose own ratio π_θ/π_proximal stays clipped: the two policies of decoupled PPO
/// (arXiv 2110.00641), with truncated importance sampling (Ionides 2008); C = 2 is the usual choice for language models.
/// </summary>
internal sealed record SamplerCorrection(CorrectionOptions Options)
{
    /// <summary>(B, T) weights without gradient, and (B) 1 where the response is left out.</summary>
    /// <param name="proximal">(B, T) log π_proximal, zeros where masked.</param>
    /// <param name="sampler">(B, T) log π_sampler, zeros where masked.</param>
    /// <param name="mask">(B, T).</param>
    public (Tensor Weight, Tensor LeftOut) Evaluate(Tensor proximal, Tensor sampler, Tensor mask)
    {
        using var scope = NewDisposeScope();
        using var gradientOff = no_grad();
        var difference = proximal.detach() - sampler.detach(); // (B, T)
        var logWeight = Options.Level switch
        {
            CorrectionLevel.Token => difference,
            CorrectionLevel.Sequence => Masked.Sum(difference, mask).unsqueeze(1).expand_as(difference),
            _ => zeros_like(difference),
        };
        var weight = logWeight.clamp(Scalars.Of(-LogRatio.Largest), Scalars.Of(Math.Log(Options.Cap))).exp();
        var leftOut = zeros_like(mask.select(1, 0)).to(ScalarType.Bool); // (B)
        if (Options.OutlierRatio > 0)
        {
            leftOut |= Masked.Mean(difference, mask).abs() > Scalars.Of(Math.Log(Math.Max(Options.OutlierRatio, 1)));
        }
        if (Options.TokenVeto > 0) leftOut |= difference.amin([1]) < Scalars.Of(Math.Log(Options.TokenVeto));
        return (weight.masked_fill(leftOut.unsqueeze(1), Scalars.Of(0)).MoveToOuterDisposeScope(),
            leftOut.to(weight.dtype).MoveToOuterDisposeScope());
    }
}

/// <summary>
/// Correction for responses whose sampler is not the policy at the start of the updates: an older policy, other number types, another
/// temperature.
/// </summary>
public sealed record CorrectionOptions
{
    [Description("Weigh tokens by π_proximal/π_sampler, truncated: none, token (each its own ratio) or sequence (the response's).")]
    public CorrectionLevel Level { get; init; } = CorrectionLevel.None;

    [Description("The weight is at most this.")]
    [Range(1.0, 1e6)]
    public double Cap { get; init; } = 2;

    [Description("Leave out responses whose mean ratio a token is above this or below its inverse; 0 leaves none out.")]
    [Range(0.0, 1000.0)]
    public double OutlierRatio { get; init; }

    [Description("Leave out responses with a token whose ratio is below this; 0 leaves none out.")]
    [Range(0.0, 1.0)]
    public double TokenVeto { get; init; }

    /// <summary>Whether anything is corrected.</summary>
    internal bool IsOn => Level != CorrectionLevel.None || OutlierRatio > 0 || TokenVeto > 0;
}

/// <summary>What the correction for the sampling policy is made of.</summary>
public enum CorrectionLevel
{
    /// <summary>No weight.</summary>
    None,

    /// <summary>Each token's own ratio.</summary>
    Token,

    /// <summary>The ratio of the whole response, at each of its tokens.</summary>
    Sequence,
}
