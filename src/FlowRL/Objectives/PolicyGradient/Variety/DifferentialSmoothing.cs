using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient.Variety;

/// <summary>
/// Differential smoothing (DS-GRPO, after the abstract of arXiv 2511.19942: variety is asked of right answers alone):
/// <code>
/// right   A = A_GRPO − γ·(log π_old(y) − its mean over the right answers of the group)
/// wrong   A = A_GRPO
/// </code>
/// with log π_old of the whole response. Rare right answers gain what common ones lose.
/// </summary>
internal sealed class DifferentialSmoothingObjective(DifferentialSmoothingOptions options) : GroupObjective(options)
{
    public override string Name => "differential_smoothing";

    private protected override IEnumerable<double> Advantages(IReadOnlyList<CreditInput> group, GroupStatistics statistics)
    {
        var mean = group.Where(r => r.IsCorrect).Select(r => r.OldLogProb).DefaultIfEmpty().Average();
        return group.Select(r => statistics.Normalise(r.Reward) - (r.IsCorrect ? options.Gamma * (r.OldLogProb - mean) : 0));
    }
}

/// <summary>Differential smoothing: no KL, token mean.</summary>
[Variant("differential_smoothing")]
public sealed record DifferentialSmoothingOptions : ClippedSurrogateOptions
{
    [Description("γ: what a nat of a right answer's log-probability above the mean of the right ones costs.")]
    [Range(0.0, 1000.0)]
    public double Gamma { get; init; } = 0.3;

    public override IObjective Create() => new DifferentialSmoothingObjective(this);
}
