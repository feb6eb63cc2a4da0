using FlowRL.Recipes;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>RLOO. KL of 0.05 in the reward, as in TRL's trainer; the sum over tokens that REINFORCE has, by the length limit.</summary>
[Variant("rloo")]
public sealed record RlooOptions : PolicyGradientOptions
{
    public RlooOptions()
    {
        Aggregation = LossAggregation.Constant;
        Kl = new KlOptions { Coefficient = 0.05, Placement = KlPlacement.Reward, Estimator = KlEstimator.K1 };
    }

    public override IObjective Create() => new RlooObjective(this);
}
