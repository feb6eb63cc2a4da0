namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// DAPO (arXiv 2503.14476, equations 8 to 12): GRPO's advantage with an upper bound of the ratio above the lower one, token mean over the
/// batch, no KL, and dynamic sampling: a group counts only if 0 &lt; right answers &lt; G, here if its rewards differ. The soft overlong
/// punishment (equation 13) is part of the reward (rollout.overlong_tokens) and open to every objective.
/// </summary>
public sealed class DapoObjective(DapoOptions options) : GroupObjective(options), IGroupFilter
{
    public override string Name => "dapo";

    public int RefillRounds => options.RefillRounds;

    public bool Wants(IReadOnlyList<double> rewards) => rewards.Count > 0 && rewards.Min() < rewards.Max();

    private protected override double Advantage(double reward, GroupStatistics group) => group.Normalise(reward);
}
