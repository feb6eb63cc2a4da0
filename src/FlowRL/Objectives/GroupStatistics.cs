namespace FlowRL.Objectives;

/// <summary>
/// Mean and sample standard deviation (G − 1, as in verl's GRPO) of one group's rewards. A group whose rewards are all equal has exactly
/// zero deviation, whatever rounding does to its mean.
/// </summary>
/// <param name="Count">Rewards behind the numbers, 1 or more.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="StandardDeviation">Their sample deviation; 0 for one reward.</param>
public readonly record struct GroupStatistics(int Count, double Mean, double StandardDeviation)
{
    /// <summary>Added to the deviation before dividing by it.</summary>
    public const double Epsilon = 1e-6;

    /// <summary>Whether all rewards are equal.</summary>
    public bool IsConstant => StandardDeviation == 0;

    /// <summary>r̂ = (r − mean) / (std + 1e-6); 0 throughout a group without variance.</summary>
    public double Normalise(double reward) => (reward - Mean) / (StandardDeviation + Epsilon);

    /// <summary>The statistics of one group's rewards, of which there is at least one.</summary>
    public static GroupStatistics Of(IReadOnlyCollection<double> rewards)
    {
        var (low, high) = (rewards.Min(), rewards.Max());
        if (low == high) return new(rewards.Count, low, 0);
        var mean = rewards.Average();
        var variance = rewards.Sum(r => (r - mean) * (r - mean)) / (rewards.Count - 1);
        return new(rewards.Count, mean, Math.Sqrt(variance));
    }

    /// <summary>
    /// The statistics of every group of a rollout batch, over the responses that the verifier decided on: the others' stand-ins would
    /// shrink the deviation. A group without any has those of its stand-ins, which are all equal.
    /// </summary>
    public static Dictionary<int, GroupStatistics> ByGroup(IEnumerable<CreditInput> responses) =>
        responses.GroupBy(r => r.Group).ToDictionary(
            group => group.Key, group => Of([.. (group.Any(r => r.IsScored) ? group.Where(r => r.IsScored) : group).Select(r => r.Reward)]));

    /// <summary>As <see cref="ByGroup"/>, for objectives that compare rewards within a group.</summary>
    /// <exception cref="BadInputException">A group has fewer than two responses.</exception>
    public static Dictionary<int, GroupStatistics> ByComparedGroup(IReadOnlyCollection<CreditInput> responses)
    {
        foreach (var (group, count) in responses.CountBy(r => r.Group))
        {
            if (count < 2)
            {
                throw new BadInputException($"Group {group} of the rollout batch has one response, but this objective compares the " +
                    "responses of a group; sample two or more (rollout.group_size).");
            }
        }
        return ByGroup(responses);
    }

    /// <summary>
    /// Metrics that every objective shows: <c>reward_mean</c> over responses that the verifier decided on, <c>reward_std</c> the mean over
    /// groups of the deviation within the group, <c>zero_variance_groups</c> the share of groups whose rewards are all equal.
    /// </summary>
    public static Dictionary<string, double> Metrics(
        IReadOnlyCollection<CreditInput> responses, Dictionary<int, GroupStatistics> groups) => new()
        {
            ["reward_mean"] = responses.Where(r => r.IsScored).Select(r => r.Reward).DefaultIfEmpty().Average(),
            ["reward_std"] = groups.Count == 0 ? 0 : groups.Values.Average(g => g.StandardDeviation),
            ["zero_variance_groups"] = groups.Count == 0 ? 0 : groups.Values.Average(g => g.IsConstant ? 1.0 : 0.0),
        };
}
