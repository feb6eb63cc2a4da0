namespace FlowRL.Rollouts;

/// <summary>
/// Hands groups over in the order of their requests, each as soon as it and all before it are complete, and keeps none that was handed over. Responses
/// are admitted in that order too, so that few wait: as many as are sampled while the longest of them goes on.
/// </summary>
/// <param name="requests">What is sampled.</param>
/// <param name="each">Takes a group, with the number of its request.</param>
/// <param name="next">Told of tokens and responses too; nobody where null.</param>
internal sealed class OrderedGroups(IReadOnlyList<SampleRequest> requests, Action<int, RolloutGroup> each, IRolloutObserver? next = null) : IRolloutObserver
{
    private readonly Dictionary<int, Open> _open = [];
    private int _first;

    public void OnToken(int request, int sample, int token) => next?.OnToken(request, sample, token);

    public void OnResponse(int request, int sample, Response response)
    {
        next?.OnResponse(request, sample, response);
        if (!_open.TryGetValue(request, out var group)) _open.Add(request, group = new Open(requests[request].Samples));
        group.Add(sample, response);
        while (_open.TryGetValue(_first, out var whole) && whole.IsComplete)
        {
            _open.Remove(_first);
            var source = requests[_first];
            each(_first++, new RolloutGroup(source.Problem, source.PromptIds, whole.Responses));
        }
    }

    private sealed class Open(int samples)
    {
        private int _count;

        public Response[] Responses { get; } = new Response[samples];

        public bool IsComplete => _count == Responses.Length;

        public void Add(int sample, Response response)
        {
            Responses[sample] = response;
            _count++;
        }
    }
}
