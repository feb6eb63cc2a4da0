using FlowRL.Rewards.Parts;
using FlowRL.Rollouts;
using FlowRL.Tasks;

namespace FlowRL.Rewards;

/// <summary>
/// Starts to score each response as soon as it ends. Scored groups are kept until all are there, or handed on as they come, in the order of the requests.
/// </summary>
internal sealed class ScoringObserver : IRolloutObserver
{
    // Where verification is slower than sampling, sampling waits for it, so that memory does not fill with what is unscored.
    private const int MostWaiting = 256;

    private readonly RewardScorer _scorer;
    private readonly IReadOnlyList<SampleRequest> _requests;
    private readonly CancellationToken _cancellation;
    private readonly Func<int, int, Response, Reward?>? _known;
    private readonly Action<ScoredGroup>? _each;
    private readonly OrderedGroups _groups;
    private readonly Task<Verdict>[]?[] _verdicts;
    private readonly Queue<(RolloutGroup Group, Task<Verdict[]> Verdicts)> _waiting = new();

    /// <param name="scorer">Verifies; borrowed.</param>
    /// <param name="requests">What is sampled.</param>
    /// <param name="cancellation">Ends scoring.</param>
    /// <param name="known">
    /// What is known to have happened to a response, by the numbers of its request and its sample; it is then not verified again.
    /// </param>
    /// <param name="each">Takes every group as soon as it and those before it are scored, on the thread that samples; null to keep them.</param>
    public ScoringObserver(RewardScorer scorer, IReadOnlyList<SampleRequest> requests, CancellationToken cancellation,
        Func<int, int, Response, Reward?>? known = null, Action<ScoredGroup>? each = null)
    {
        (_scorer, _requests, _cancellation, _known, _each) = (scorer, requests, cancellation, known, each);
        _verdicts = new Task<Verdict>[requests.Count][];
        _groups = new OrderedGroups(requests, Enqueue);
    }

    public void OnResponse(int request, int sample, Response response)
    {
        (_verdicts[request] ??= new Task<Verdict>[_requests[request].Samples])[sample] = _known?.Invoke(request, sample, response) is { } reward
            ? Task.FromResult(Verdict.Unanswered(reward))
            : _scorer.ScoreAsync(new RewardInput(_requests[request].Problem, response.Text, response.Length, response.IsTruncated), _cancellation);
        _groups.OnResponse(request, sample, response);
        while (_each is not null && _waiting.TryPeek(out var head) && (head.Verdicts.IsCompleted || _waiting.Count > MostWaiting)) _each(Scored());
    }

    /// <summary>
    /// Waits for the scores: the groups that were not handed on, in the order of the requests. Blocks, because tensor work must stay on its thread.
    /// </summary>
    public ScoredGroup[] Wait()
    {
        var groups = new List<ScoredGroup>();
        while (_waiting.Count > 0) (_each ?? groups.Add)(Scored());
        return [.. groups];
    }

    private void Enqueue(int request, RolloutGroup group)
    {
        _waiting.Enqueue((group, Task.WhenAll(_verdicts[request]!)));
        _verdicts[request] = null;
    }

    private ScoredGroup Scored()
    {
        var (group, verdicts) = _waiting.Dequeue();
        return new ScoredGroup(group, verdicts.GetAwaiter().GetResult());
    }
}
