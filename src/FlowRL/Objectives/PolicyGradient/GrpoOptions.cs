using FlowRL.Recipes;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>GRPO, with the settings that comparisons use: token mean and a KL loss of 0.001. The paper: sequence mean and 0.04.</summary>
[Variant("grpo")]
public sealed record GrpoOptions : PolicyGradientOptions
{
    public GrpoOptions() => Kl = new KlOptions { Coefficient = 0.001 };

    public override IObjective Create() => new GrpoObjective(this);
}
