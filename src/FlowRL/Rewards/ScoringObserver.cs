using FlowRL.Rewards.Parts;
using FlowRL.Rollouts;
using FlowRL.Tasks;

namespace FlowRL.Rewards;

/// <summary>Starts to score each response as soon as it ends.</summary>
/// <param name="scorer">Verifies; borrowed.</param>
/// <param name="requests">What is sampled.</param>
/// <param name="cancellation">Ends scoring.</param>
/// <param name="known">
/// What is known to have happened to a response, by the numbers of its request and its sample; it is then not verified again.
/// </param>
internal sealed class ScoringObserver(
    RewardScorer scorer, IReadOnlyList<SampleRequest> requests, CancellationToken cancellation, Func<int, int, Response, Reward?>? known = null)
    : IRolloutObserver
{
    private readonly GroupCollector _groups = new(requests, IRolloutObserver.None);
    private readonly Task<Verdict>[][] _verdicts = [.. requests.Select(request => new Task<Verdict>[request.Samples])];

    public void OnResponse(int request, int sample, Response response)
    {
        _groups.OnResponse(request, sample, response);
        _verdicts[request][sample] = known?.Invoke(request, sample, response) is { } reward
            ? Task.FromResult(Verdict.Unanswered(reward))
            : scorer.ScoreAsync(new RewardInput(requests[request].Problem, response.Text, response.Length, response.IsTruncated), cancellation);
    }

    /// <summary>Waits for the scores, in the order of the requests. Blocks, because tensor work must stay on its thread.</summary>
    public ScoredGroup[] Wait() =>
        [.. _groups.Groups.Zip(_verdicts, (group, verdicts) => new ScoredGroup(group, Task.WhenAll(verdicts).GetAwaiter().GetResult()))];
}
