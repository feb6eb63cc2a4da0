using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Recipes;

namespace FlowRL.Objectives.PolicyGradient;

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
        if (Target is not null && !IsOn) yield return "target: an adaptive coefficient that starts at 0 stays there; give coefficient.";
    }
}
