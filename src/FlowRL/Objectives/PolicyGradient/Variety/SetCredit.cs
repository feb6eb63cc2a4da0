using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient.Variety;

/// <summary>
/// Reinforcement learning of sets (after the abstract of arXiv 2509.25424): a set of k responses earns its mean reward times the share of different
/// responses in it, and a response what the sets that hold it earn above all sets of the group,
/// <code>
/// v(S) = mean_S r · |classes in S|/k      A_i = mean over sets of k with i of v − mean over all sets of k of v
/// </code>
/// Classes are those of <see cref="ResponseClasses"/>. Every set is counted, not a draw of them.
/// </summary>
internal sealed class SetObjective(SetCreditOptions options) : GroupObjective(options)
{
    private const double MostSets = 50_000; // of a group

    public override string Name => "set_rl";

    private protected override IEnumerable<double> Advantages(IReadOnlyList<CreditInput> group, GroupStatistics statistics)
    {
        var (size, k) = (group.Count, Math.Min(options.SetSize, group.Count));
        if (Subsets.Count(size, k) > MostSets)
        {
            throw new BadInputException(FormattableString.Invariant(
                $"objective.set_size: groups of {size} responses have more than {MostSets:N0} sets of {k}; ") +
                "take smaller sets, or smaller groups (rollout.group_size).");
        }
        var classes = ResponseClasses.Of(group);
        var (sums, total, sets) = (new double[size], 0.0, 0);
        foreach (var set in Subsets.Each(size, k))
        {
            var value = set.Average(i => group[i].Reward) * set.Select(i => classes[i]).Distinct().Count() / k;
            foreach (var member in set) sums[member] += value;
            total += value;
            sets++;
        }
        // Each response is in sets·k/G of them.
        return sums.Select(sum => sum / ((double)sets * k / size) - total / sets);
    }
}

/// <summary>Set RL: no KL, token mean.</summary>
[Variant("set_rl")]
public sealed record SetCreditOptions : ClippedSurrogateOptions
{
    [Description("Responses of a set; at most the group's size.")]
    [Range(1, 64)]
    public int SetSize { get; init; } = 4;

    public override IObjective Create() => new SetObjective(this);
}
