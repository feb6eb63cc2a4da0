using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient.Variety;

/// <summary>
/// Training for pass@k (arXiv 2508.10751): the advantage of a response is the mean normalised reward of all sets of k of the group that hold it, where a set
/// earns 1 if any of it is right. With c right of G, ρ = 1 − C(G−c, k)/C(G, k) and σ = √(ρ(1 − ρ)):
/// <code>
/// right   A = (1 − ρ)/σ
/// wrong   A = (1 − ρ − C(G−c−1, k−1)/C(G−1, k−1))/σ
/// </code>
/// Groups in which every set earns the same teach nothing.
/// </summary>
internal sealed class PassAtKObjective(PassAtKTrainingOptions options) : GroupObjective(options)
{
    public override string Name => "pass_at_k";

    private protected override IEnumerable<double> Advantages(IReadOnlyList<CreditInput> group, GroupStatistics statistics)
    {
        var (size, right, k) = (group.Count, group.Count(r => r.IsCorrect), Math.Min(options.K, group.Count));
        var share = 1 - Subsets.Share(size - right, size, k);
        if (share <= 0 || share >= 1) return group.Select(_ => 0.0);
        var deviation = Math.Sqrt(share * (1 - share));
        var wrong = 1 - share - Subsets.Share(size - right - 1, size - 1, k - 1);
        return group.Select(r => (r.IsCorrect ? 1 - share : wrong) / deviation);
    }
}

/// <summary>Pass@k training: no KL, token mean. What is right is the verifier's verdict.</summary>
[Variant("pass_at_k")]
public sealed record PassAtKTrainingOptions : ClippedSurrogateOptions
{
    [Description("k: a set of this many responses earns 1 if any of them is right; at most the group's size.")]
    [Range(1, 1 << 20)]
    public int K { get; init; } = 4;

    public override IEnumerable<string> Validate() => base.Validate().Concat(NoRewardIsRead());

    public override IObjective Create() => new PassAtKObjective(this);
}
