namespace FlowRL.Objectives.PolicyGradient;

/// <summary>Policy gradients whose advantage compares a response's reward with those of its group; every token has the response's.</summary>
public abstract class GroupObjective(PolicyGradientOptions options) : PolicyGradientObjective(options)
{
    public override int MinimumGroupSize => 2;

    private protected override IEnumerable<Credit> Credits(IReadOnlyList<CreditInput> responses, Dictionary<string, double> metrics)
    {
        CreditInput[] penalised = [.. responses.Select(r => r with { Reward = PenalisedReward(r) })];
        var groups = GroupStatistics.ByComparedGroup(penalised);
        return penalised.Select(r => Credit.Uniform(Advantage(r.Reward, groups[r.Group]), r.OldLogProbs.Length));
    }

    /// <summary>A of a response with this reward in this group.</summary>
    private protected abstract double Advantage(double reward, GroupStatistics group);
}
