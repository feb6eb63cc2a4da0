using FlowRL.Recipes;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>GSPO, with the paper's settings: bounds of 3e-4 and 4e-4, sequence mean, no KL.</summary>
[Variant("gspo")]
public sealed record GspoOptions : PolicyGradientOptions
{
    public GspoOptions()
    {
        EpsilonLow = 3e-4;
        EpsilonHigh = 4e-4;
        Aggregation = LossAggregation.SequenceMean;
    }

    public override IObjective Create() => new GspoObjective(this);
}
