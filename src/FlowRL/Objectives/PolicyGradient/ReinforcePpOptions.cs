using FlowRL.Recipes;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>REINFORCE++. KL of 0.01 in the reward, token by token (k1), as OpenRLHF has it.</summary>
[Variant("reinforce_pp")]
public sealed record ReinforcePpOptions : PolicyGradientOptions
{
    public ReinforcePpOptions() =>
        Kl = new KlOptions { Coefficient = 0.01, Placement = KlPlacement.Reward, Estimator = KlEstimator.K1 };

    public override IObjective Create() => new ReinforcePpObjective(this);
}
