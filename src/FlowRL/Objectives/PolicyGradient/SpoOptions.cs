using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Recipes;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// SPO, with the settings of the paper and its published runs: clips of 0.2 and 0.28, dual clip 10, no KL. One response a problem is
/// what it is made for (rollout.group_size: 1).
/// </summary>
[Variant("spo")]
public sealed record SpoOptions : PolicyGradientOptions
{
    public SpoOptions()
    {
        EpsilonHigh = 0.28;
        DualClip = 10;
    }

    [Description("Drift of the policy, in nats a token, that halves what earlier rewards of a problem count.")]
    [Range(1e-6, 1000.0)]
    public double DriftHalf { get; init; } = 0.06;

    [Description("Smallest share that earlier rewards keep from one visit of a problem to the next.")]
    [Range(0.0, 0.9999)]
    public double ForgetLow { get; init; } = 0.875;

    [Description("Largest share that earlier rewards keep from one visit of a problem to the next.")]
    [Range(0.0, 1.0)]
    public double ForgetHigh { get; init; } = 0.96;

    [Description("Draw problems by how uncertain their value is, sqrt(v·(1 − v)); else each once an epoch.")]
    public bool Prioritised { get; init; } = true;

    [Description("Added to the uncertainty, so that every problem is drawn now and then.")]
    [Range(1e-6, 1000.0)]
    public double Exploration { get; init; } = 0.05;

    public override IObjective Create() => new SpoObjective(this);

    public override IEnumerable<string> Validate()
    {
        foreach (var error in base.Validate()) yield return error;
        if (ForgetLow > ForgetHigh)
        {
            yield return string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"forget_low: {ForgetLow} is above forget_high of {ForgetHigh}.");
        }
    }
}
