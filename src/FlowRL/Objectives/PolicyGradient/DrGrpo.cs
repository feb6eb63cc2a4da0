using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// "GRPO done right" (arXiv 2503.20783, section 3.2): A = r − mean_group r, without the division by the deviation, which weighs very easy
/// and very hard problems up; tokens are summed and divided by a constant, the length limit, so that long wrong answers are not spared.
/// </summary>
internal sealed class DrGrpoObjective(DrGrpoOptions options) : GroupObjective(options)
{
    public override string Name => "dr_grpo";

    private protected override double Advantage(double reward, GroupStatistics group) => reward - group.Mean;
}

/// <summary>Dr. GRPO, with the paper's settings: no KL, constant normaliser.</summary>
[Variant("dr_grpo")]
public sealed record DrGrpoOptions : ClippedSurrogateOptions
{
    public DrGrpoOptions() => Aggregation = LossAggregation.Constant;

    public override IObjective Create() => new DrGrpoObjective(this);
}
