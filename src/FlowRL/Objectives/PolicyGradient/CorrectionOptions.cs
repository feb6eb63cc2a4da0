using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// Correction for responses whose sampler is not the policy at the start of the updates: an older policy, other number types, another
/// temperature.
/// </summary>
public sealed record CorrectionOptions
{
    [Description("Weigh tokens by π_start/π_sampler, truncated: none, token (each its own ratio) or sequence (the response's).")]
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
