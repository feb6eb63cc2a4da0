using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient.Variety;

/// <summary>
/// GRPO with the unlikeliness reward (after the abstract of arXiv 2506.02355): among the right answers of a group the more probable ones earn less,
/// <code>
/// right   r ← r·(1 − β·(G − rank)/G)      rank 0 for the most probable response of the group, G − 1 for the least
/// </code>
/// Equal probabilities share the mean of their ranks.
/// </summary>
internal sealed class UnlikelinessObjective(UnlikelinessOptions options) : GroupObjective(options)
{
    public override string Name => "unlikeliness";

    private protected override IEnumerable<double> Advantages(IReadOnlyList<CreditInput> group, GroupStatistics statistics)
    {
        double Rank(CreditInput r) => group.Count(other => other.OldLogProb > r.OldLogProb)
            + (group.Count(other => other.OldLogProb == r.OldLogProb) - 1) / 2.0;
        double[] rewards = [.. group.Select(r => r.IsCorrect ? r.Reward * (1 - options.Penalty * (group.Count - Rank(r)) / group.Count) : r.Reward)];
        var adjusted = GroupStatistics.Of(rewards);
        return rewards.Select(adjusted.Normalise);
    }
}

/// <summary>GRPO with the unlikeliness reward: no KL, token mean.</summary>
[Variant("unlikeliness")]
public sealed record UnlikelinessOptions : ClippedSurrogateOptions
{
    [Description("β: the share of its reward that the most probable right answer of a group loses.")]
    [Range(0.0, 1.0)]
    public double Penalty { get; init; } = 0.25;

    public override IObjective Create() => new UnlikelinessObjective(this);
}
