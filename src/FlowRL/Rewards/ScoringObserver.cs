using FlowRL.Rollouts;
using FlowRL.Tasks;

namespace FlowRL.Rewards;

/// <summary>Starts to score each group as soon as it is sampled.</summary>
public sealed class ScoringObserver(
    RewardScorer scorer, int requests, CancellationToken cancellation, Func<Problem, Response, Reward?>? known = null) : IRolloutObserver
{
    private readonly Task<ScoredGroup>[] _scoring = new Task<ScoredGroup>[requests];

    public void OnGroup(int request, RolloutGroup group) => _scoring[request] =
        scorer.ScoreAsync(group, cancellation, known is null ? null : response => known(group.Problem, response));

    /// <summary>Waits for the scores, in the order of the requests. Blocks, because tensor work must stay on its thread.</summary>
    public ScoredGroup[] Wait() => Task.WhenAll(_scoring).GetAwaiter().GetResult();
}
