using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient.Variety;

/// <summary>
/// Maximum likelihood reinforcement learning (arXiv 2602.02710): A = (r − mean_group r)/mean_group r. In expectation over groups of G this is the gradient of
/// log p(right) cut off after G − 1 terms, −Σ_{k≤G−1} fail@k / k, which weighs hard problems up by 1/p.
/// </summary>
internal sealed class MaxRlObjective(MaxRlOptions options) : GroupObjective(options)
{
    public override string Name => "maxrl";

    // Rewards below 0 have no such reading: a group whose mean is not above 0 teaches nothing.
    private protected override double Advantage(double reward, GroupStatistics group) =>
        group.IsConstant || group.Mean <= 0 ? 0 : (reward - group.Mean) / group.Mean;
}

/// <summary>MaxRL: no KL, token mean. Made for rewards of 0 and 1.</summary>
[Variant("maxrl")]
public sealed record MaxRlOptions : ClippedSurrogateOptions
{
    public override IObjective Create() => new MaxRlObjective(this);
}
