using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient.Variety;

/// <summary>
/// Pass-at-k policy optimisation (arXiv 2505.15201): each reward becomes its part in an unbiased estimate of max@k,
/// <code>
/// s_i = (k/G)·mean over the sets of k of the group that hold i of the largest reward in the set      A = s − mean_group s
/// </code>
/// For rewards of 0 and 1 that is k/G for a right response and k/G·(1 − C(G−c−1, k−1)/C(G−1, k−1)) for a wrong one, c right of G.
/// </summary>
internal sealed class PkpoObjective(PkpoOptions options) : GroupObjective(options)
{
    public override string Name => "pkpo";

    private protected override IEnumerable<double> Advantages(IReadOnlyList<CreditInput> group, GroupStatistics statistics)
    {
        if (statistics.IsConstant) return group.Select(_ => 0.0);
        double[] rewards = [.. group.Select(r => r.Reward)];
        double[] parts = [.. rewards.Select((_, i) => Part(rewards, i, Math.Min(options.K, rewards.Length)))];
        var mean = parts.Average();
        return parts.Select(part => part - mean);
    }

    /// <summary>s of one response. The largest of the k − 1 others is the j-th of them, counted upwards from 0, in C(j, k−2) of C(G−1, k−1) sets.</summary>
    internal static double Part(double[] rewards, int index, int k)
    {
        if (k == 1) return rewards[index] / rewards.Length;
        double[] others = [.. rewards.Where((_, i) => i != index).Order()];
        var sum = 0.0;
        for (var j = k - 2; j < others.Length; j++)
        {
            // Sets whose largest other is among the first j + 1, less those where it is among the first j.
            var share = Subsets.Share(j + 1, others.Length, k - 1) - Subsets.Share(j, others.Length, k - 1);
            sum += share * Math.Max(rewards[index], others[j]);
        }
        return sum * k / rewards.Length;
    }
}

/// <summary>PKPO: no KL, token mean. With k = 1 the advantage is that of Dr. GRPO by G.</summary>
[Variant("pkpo")]
public sealed record PkpoOptions : ClippedSurrogateOptions
{
    [Description("k of max@k; at most the group's size.")]
    [Range(1, 1 << 20)]
    public int K { get; init; } = 4;

    public override IObjective Create() => new PkpoObjective(this);
}
