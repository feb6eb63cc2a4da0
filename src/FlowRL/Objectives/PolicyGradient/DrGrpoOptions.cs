using FlowRL.Recipes;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>Dr. GRPO, with the paper's settings: no KL, constant normaliser.</summary>
[Variant("dr_grpo")]
public sealed record DrGrpoOptions : PolicyGradientOptions
{
    public DrGrpoOptions() => Aggregation = LossAggregation.Constant;

    public override IObjective Create() => new DrGrpoObjective(this);
}
