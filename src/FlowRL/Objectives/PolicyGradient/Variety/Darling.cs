using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient.Variety;

/// <summary>
/// Diversity-aware reinforcement learning (DARLING, after the abstract of arXiv 2509.02534) with exact classes in place of a learned classifier: a reward is
/// multiplied by how different its response is from the others of the group,
/// <code>
/// r ← r·(1 − w + w·d)      d the share of the group's other responses that are not of the same class
/// </code>
/// A class is a solution, or for a wrong response its answer; a wrong response without an answer is alone in its class, and right ones whose solution is not
/// known are one class together. A = (r − mean)/(std + 1e-6).
/// </summary>
internal sealed class DarlingObjective(DarlingOptions options) : GroupObjective(options)
{
    public override string Name => "darling";

    private protected override IEnumerable<double> Advantages(IReadOnlyList<CreditInput> group, GroupStatistics statistics)
    {
        if (group.Count < 2) return group.Select(_ => 0.0);
        var classes = ResponseClasses.Of(group);
        var sizes = classes.CountBy(c => c).ToDictionary();
        double Distance(int i) => (double)(group.Count - sizes[classes[i]]) / (group.Count - 1);
        double[] rewards = [.. group.Select((r, i) => r.Reward * (1 - options.Weight + options.Weight * Distance(i)))];
        var adjusted = GroupStatistics.Of(rewards);
        return rewards.Select(adjusted.Normalise);
    }
}

/// <summary>DARLING: no KL, token mean.</summary>
[Variant("darling")]
public sealed record DarlingOptions : ClippedSurrogateOptions
{
    [Description("w: the share of a reward that depends on how different the response is; with 1 a group of equal right answers earns nothing.")]
    [Range(0.0, 1.0)]
    public double Weight { get; init; } = 1;

    public override IObjective Create() => new DarlingObjective(this);
}

/// <summary>Which responses of a group are the same.</summary>
internal static class ResponseClasses
{
    /// <summary>
    /// A number for each response: equal for equal solutions and for equal wrong answers. Right responses whose solution is not known are the same, so that
    /// nothing is gained by being unreadable.
    /// </summary>
    public static int[] Of(IReadOnlyList<CreditInput> group)
    {
        var known = new Dictionary<(bool IsCorrect, string? Key), int>();
        return [.. group.Select((r, i) => r is { IsCorrect: false, Answer: null } ? -1 - i : Known((r.IsCorrect, r.IsCorrect ? r.Solution : r.Answer), i))];

        int Known((bool, string?) key, int i) => known.TryGetValue(key, out var seen) ? seen : known[key] = i;
    }
}
