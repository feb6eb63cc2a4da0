using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// DAPO (arXiv 2503.14476, equations 8 to 12): GRPO's advantage with an upper bound of the ratio above the lower one, token mean over the
/// batch, no KL, and dynamic sampling: a group counts only if 0 &lt; right answers &lt; G, here if its rewards differ. The soft overlong
/// punishment (equation 13) is part of the reward (rollout.overlong_tokens) and open to every objective.
/// </summary>
internal sealed class DapoObjective(DapoOptions options) : GroupObjective(options), IGroupFilter
{
    public override string Name => "dapo";

    public int RefillRounds => options.RefillRounds;

    public bool Wants(IReadOnlyList<double> rewards) => rewards.Count > 0 && rewards.Min() < rewards.Max();
}

/// <summary>DAPO, with the paper's settings: clip-higher of 0.28, token mean, no KL. Its overlong penalty is rollout.overlong_tokens.</summary>
[Variant("dapo")]
public sealed record DapoOptions : ClippedSurrogateOptions
{
    public DapoOptions() => EpsilonHigh = 0.28;

    [Description("Groups whose rewards are all equal are replaced by sampling other problems, at most this often a step; 0 keeps them.")]
    [Range(0, 1000)]
    public int RefillRounds { get; init; } = 9;

    public override IObjective Create() => new DapoObjective(this);
}
