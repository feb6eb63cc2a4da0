namespace FlowRL.Objectives;

/// <summary>Mean and sample standard deviation (G − 1) of the rewards of each group.</summary>
internal sealed class GroupStatistics
{
    private readonly Dictionary<int, (double Mean, double Deviation)> _groups;

    public GroupStatistics(IReadOnlyList<CreditInput> responses) => _groups = responses.GroupBy(response => response.Group).ToDictionary(
        group => group.Key,
        group =>
        {
            var rewards = group.Select(response => response.Reward).ToArray();
            var mean = rewards.Average();
            return (mean, rewards.Length > 1 ? Math.Sqrt(rewards.Sum(r => (r - mean) * (r - mean)) / (rewards.Length - 1)) : 0);
        });

    public (double Mean, double Deviation) this[int group] => _groups[group];

    /// <summary>What every group objective logs: such groups teach nothing about reward.</summary>
    public Dictionary<string, double> Metrics => new()
    {
        ["zero_variance_groups"] = _groups.Values.Average(group => group.Deviation == 0 ? 1.0 : 0.0),
        ["reward_std"] = _groups.Values.Average(group => group.Deviation),
    };
}
