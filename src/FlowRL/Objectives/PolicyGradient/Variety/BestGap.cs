using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient.Variety;

/// <summary>
/// Optimisation of the best of a group (arXiv 2503.19595; verl 0.9.1, <c>grpo_passk</c>): the best response earns what it is better than the second,
/// A = (r₁ − r₂)/(std_group r + 1e-6), and the others nothing. Of equals there is no best.
/// </summary>
internal sealed class BestGapObjective(BestGapOptions options) : GroupObjective(options)
{
    public override string Name => "best_gap";

    private protected override IEnumerable<double> Advantages(IReadOnlyList<CreditInput> group, GroupStatistics statistics)
    {
        double[] falling = [.. group.Select(r => r.Reward).OrderDescending()];
        var gap = falling.Length < 2 ? 0 : (falling[0] - falling[1]) / (statistics.StandardDeviation + GroupStatistics.Epsilon);
        return group.Select(r => r.Reward == falling[0] ? gap : 0);
    }
}

/// <summary>The best of a group: no KL, token mean.</summary>
[Variant("best_gap")]
public sealed record BestGapOptions : ClippedSurrogateOptions
{
    public override IObjective Create() => new BestGapObjective(this);
}
