using FlowRL.Tasks;

namespace FlowRL.Rewards;

/// <summary>How many responses the verifier decided, failed on, and did not end on in time.</summary>
internal sealed record RewardCounts(int Scores, int Errors, int Timeouts)
{
    public static RewardCounts Of(IEnumerable<ScoredGroup> groups) => Of(groups.SelectMany(group => group.Verdicts));

    public static RewardCounts Of(IEnumerable<Verdict> verdicts)
    {
        int scores = 0, errors = 0, timeouts = 0;
        foreach (var verdict in verdicts)
        {
            switch (verdict.Reward)
            {
                case Reward.Error: errors++; break;
                case Reward.Timeout: timeouts++; break;
                default: scores++; break;
            }
        }
        return new RewardCounts(scores, errors, timeouts);
    }
}
