using FlowRL.Rollouts;
using FlowRL.Tasks;

namespace FlowRL.Rewards;

/// <summary>Starts to score each group as soon as it is sampled.</summary>
/// <param name="scorer">Verifies; borrowed.</param>
/// <param name="requests">How many groups there will be.</param>
/// <param name="cancellation">Ends scoring.</param>
/// <param name="known">
/// What is known to have happened to a response, by the numbers of its request and its sample; it is then not verified again.
/// </param>
public sealed class ScoringObserver(
    RewardScorer scorer, int requests, CancellationToken cancellation, Func<int, int, Response, Reward?>? known = null) : IRolloutObserver
{
    private readonly Task<ScoredGroup>[] _scoring = new Task<ScoredGroup>[requests];

    public void OnGroup(int request, RolloutGroup group) => _scoring[request] =
        scorer.ScoreAsync(group, cancellation, known is null ? null : (sample, response) => known(request, sample, response));

    /// <summary>Waits for the scores, in the order of the requests. Blocks, because tensor work must stay on its thread.</summary>
    public ScoredGroup[] Wait() => Task.WhenAll(_scoring).GetAwaiter().GetResult();
}
