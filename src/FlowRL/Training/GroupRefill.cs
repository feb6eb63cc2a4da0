using FlowRL.Objectives;
using FlowRL.Rewards;
using FlowRL.Tasks;

namespace FlowRL.Training;

/// <summary>
/// Dynamic sampling (arXiv 2503.14476, section 3.2): groups that the objective does not want are replaced by groups of other problems, in
/// the order of the requests, so that quick answers gain nothing. What is missing after the last round is made up by unwanted groups, so
/// that a step always has its number of groups.
/// </summary>
internal static class GroupRefill
{
    /// <param name="filter">Which groups are wanted, and for how many rounds others are sampled.</param>
    /// <param name="sampled">The groups of the step's own problems.</param>
    /// <param name="order">Where other problems come from.</param>
    /// <param name="step">The step.</param>
    /// <param name="sample">Samples and scores problems, the first of which is request number <c>first</c> of the step.</param>
    /// <returns>As many groups as were given, and all that were sampled.</returns>
    public static (ScoredGroup[] Kept, ScoredGroup[] Sampled) Fill(
        IGroupFilter filter, ScoredGroup[] sampled, ProblemOrder order, int step, Func<IReadOnlyList<Problem>, int, ScoredGroup[]> sample)
    {
        var all = new List<ScoredGroup>(sampled);
        bool IsWanted(ScoredGroup group) =>
            filter.Wants([.. group.Verdicts.Select(verdict => verdict.Reward).OfType<Reward.Score>().Select(score => score.Value)]);
        for (var round = 0; round < filter.RefillRounds; round++)
        {
            var missing = sampled.Length - all.Count(IsWanted);
            if (missing <= 0) break;
            var problems = order.Refill(step, round, missing, all.Select(group => group.Rollout.Problem.Id).ToHashSet());
            all.AddRange(sample(problems, all.Count));
        }
        return ([.. all.OrderByDescending(IsWanted).Take(sampled.Length)], [.. all]);
    }
}
