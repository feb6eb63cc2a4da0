namespace FlowRL.Rollouts;

/// <summary>Told what an engine does while it does it.</summary>
public interface IRolloutObserver
{
    /// <summary>Looks at nothing.</summary>
    static IRolloutObserver None { get; } = new Nothing();

    /// <summary>A token was drawn for response <paramref name="sample"/> of request <paramref name="request"/>, both counted from 0.</summary>
    void OnToken(int request, int sample, int token) { }

    /// <summary>
    /// Response <paramref name="sample"/> of request <paramref name="request"/> is complete: scoring can begin beside the sampling of others.
    /// </summary>
    void OnResponse(int request, int sample, Response response) { }

    private sealed class Nothing : IRolloutObserver;
}

/// <summary>Keeps every response, and tells another observer too.</summary>
/// <param name="requests">What is sampled.</param>
/// <param name="next">The other observer.</param>
internal sealed class GroupCollector(IReadOnlyList<SampleRequest> requests, IRolloutObserver next) : IRolloutObserver
{
    private readonly Response[][] _responses = [.. requests.Select(request => new Response[request.Samples])];

    /// <summary>The groups, in the order of the requests. Complete once the engine is done.</summary>
    public IReadOnlyList<RolloutGroup> Groups =>
        [.. requests.Select((request, i) => new RolloutGroup(request.Problem, request.PromptIds, _responses[i]))];

    public void OnToken(int request, int sample, int token) => next.OnToken(request, sample, token);

    public void OnResponse(int request, int sample, Response response)
    {
        _responses[request][sample] = response;
        next.OnResponse(request, sample, response);
    }
}
