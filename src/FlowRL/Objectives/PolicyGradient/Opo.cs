using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// On-policy RL with optimal reward baseline (arXiv 2505.23585; verl 0.9.1, <c>core_algos.py</c>): A = r − b with b the mean reward of the group weighted by
/// length, the baseline of least variance where a response's gradient grows with its tokens.
/// </summary>
internal sealed class OpoObjective(OpoOptions options) : GroupObjective(options)
{
    public override string Name => "opo";

    private protected override IEnumerable<double> Advantages(IReadOnlyList<CreditInput> group, GroupStatistics statistics)
    {
        if (statistics.IsConstant) return group.Select(_ => 0.0);
        var baseline = group.Sum(r => r.Length * r.Reward) / group.Sum(r => r.Length);
        return group.Select(r => r.Reward - baseline);
    }
}

/// <summary>OPO, with the paper's settings: no KL, no entropy bonus, exact on-policy updates.</summary>
[Variant("opo")]
public sealed record OpoOptions : ClippedSurrogateOptions
{
    public override IObjective Create() => new OpoObjective(this);
}
