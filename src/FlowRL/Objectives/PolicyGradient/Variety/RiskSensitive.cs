using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient.Variety;

/// <summary>
/// Risk-sensitive GRPO (arXiv 2509.24261): maximises (1/b)·log E e^{b·r}, so that A = (e^{b·r} / mean_group e^{b·r} − 1)/b. b → 0 is the mean-centred reward;
/// a large b lives on the best of the group. E e^{b·r} under the reference is FlowRL's Z.
/// </summary>
internal sealed class RiskSensitiveObjective(RiskSensitiveOptions options) : GroupObjective(options)
{
    public override string Name => "rs_grpo";

    private protected override IEnumerable<double> Advantages(IReadOnlyList<CreditInput> group, GroupStatistics statistics)
    {
        if (statistics.IsConstant) return group.Select(_ => 0.0);
        var (risk, highest) = (options.Risk, group.Max(r => r.Reward));
        double Grown(CreditInput r) => Math.Exp(risk * (r.Reward - highest)); // the highest cancels
        var mean = group.Average(Grown);
        return group.Select(r => (Grown(r) / mean - 1) / risk);
    }
}

/// <summary>RS-GRPO: no KL, token mean.</summary>
[Variant("rs_grpo")]
public sealed record RiskSensitiveOptions : ClippedSurrogateOptions
{
    [Description("b: how strongly the best of a group counts.")]
    [Range(0.001, 1000.0)]
    public double Risk { get; init; } = 2;

    public override IObjective Create() => new RiskSensitiveObjective(this);
}
