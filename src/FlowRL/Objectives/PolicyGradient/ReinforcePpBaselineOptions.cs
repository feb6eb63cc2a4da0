using FlowRL.Recipes;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>REINFORCE++ with the group's mean as the baseline. KL as a k2 loss, as in the paper; coefficient 0.001 as for GRPO here.</summary>
[Variant("reinforce_pp_baseline")]
public sealed record ReinforcePpBaselineOptions : PolicyGradientOptions
{
    public ReinforcePpBaselineOptions() => Kl = new KlOptions { Coefficient = 0.001, Estimator = KlEstimator.K2 };

    public override IObjective Create() => new ReinforcePpBaselineObjective(this);
}
