namespace FlowRL.Objectives.PolicyGradient;

/// <summary>Policy gradients whose advantage compares a response with those of its group; every token has the response's.</summary>
internal abstract class GroupObjective(PolicyGradientOptions options) : PolicyGradientObjective(options)
{
    public override int MinimumGroupSize => 2;

    private protected override IEnumerable<Credit> Credits(IReadOnlyList<CreditInput> responses, Dictionary<string, double> metrics)
    {
        CreditInput[] penalised = [.. responses.Select(r => r with { Reward = PenalisedReward(r) })];
        var statistics = GroupStatistics.ByComparedGroup(penalised);
        var advantages = new double[responses.Count]; // a response that the verifier did not decide on has none
        foreach (var group in penalised.Index().Where(r => r.Item.IsScored).GroupBy(r => r.Item.Group))
        {
            var found = Advantages([.. group.Select(r => r.Item)], statistics[group.Key]);
            foreach (var (member, advantage) in group.Zip(found)) advantages[member.Index] = advantage;
        }
        return penalised.Select((r, i) => Credit.Uniform(advantages[i], r.Length));
    }

    /// <summary>A of each response of a group that the verifier decided on, one or more, KL penalties subtracted from their rewards.</summary>
    private protected virtual IEnumerable<double> Advantages(IReadOnlyList<CreditInput> group, GroupStatistics statistics) =>
        group.Select(r => Advantage(r.Reward, statistics));

    /// <summary>A of a response with this reward in this group.</summary>
    private protected virtual double Advantage(double reward, GroupStatistics group) => group.Normalise(reward);
}
