using FlowRL.Tasks;

namespace FlowRL.Rewards;

/// <summary>How many responses the verifier decided, failed on, and did not end on in time.</summary>
/// <param name="Scores">With a score.</param>
/// <param name="Errors">On which the verifier or a part of the reward failed.</param>
/// <param name="Timeouts">On which it did not end in time.</param>
/// <param name="Undecided">Those of the scores that say that the verifier could not decide.</param>
internal sealed record RewardCounts(int Scores, int Errors, int Timeouts, int Undecided)
{
    public int Failed => Errors + Timeouts;

    public static RewardCounts Of(IEnumerable<ScoredGroup> groups) => Of(groups.SelectMany(group => group.Verdicts));

    public static RewardCounts Of(IEnumerable<Verdict> verdicts)
    {
        int scores = 0, errors = 0, timeouts = 0, undecided = 0;
        foreach (var verdict in verdicts)
        {
            switch (verdict.Reward)
            {
                case Reward.Error: errors++; break;
                case Reward.Timeout: timeouts++; break;
                case Reward.Score score:
                    scores++;
                    if (score.Parts.GetValueOrDefault(Reward.UndecidedPart) > 0) undecided++;
                    break;
            }
        }
        return new RewardCounts(scores, errors, timeouts, undecided);
    }
}
