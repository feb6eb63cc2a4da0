using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Recipes;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>DAPO, with the paper's settings: clip-higher of 0.28, token mean, no KL. Its overlong penalty is rollout.overlong_tokens.</summary>
[Variant("dapo")]
public sealed record DapoOptions : PolicyGradientOptions
{
    public DapoOptions() => EpsilonHigh = 0.28;

    [Description("Groups whose rewards are all equal are replaced by sampling other problems, at most this often a step; 0 keeps them.")]
    [Range(0, 1000)]
    public int RefillRounds { get; init; } = 9;

    public override IObjective Create() => new DapoObjective(this);
}
