using System.Diagnostics;
using FlowRL.Models;
using FlowRL.Tokenization;
using static TorchSharp.torch;

namespace FlowRL.Rollouts;

/// <summary>
/// Samples groups of responses with continuous batching: rows that finish leave, waiting groups enter, and the cache stays allocated.
/// A group's prompt is computed once. Not thread-safe; one sampler a model.
/// </summary>
/// <remarks>
/// A response draws from its own seeded stream whatever else is in the batch. Rounding of the matrix products may still depend on how
/// many rows they have, in the last bits.
/// </remarks>
public sealed class Sampler : IDisposable
{
    private readonly Decoder _policy;
    private readonly ITokenizer _tokenizer;
    private readonly int _slots;
    private KeyValueCache? _cache;

    /// <param name="policy">Borrowed; its weights may change between calls.</param>
    /// <param name="tokenizer">Gives stop tokens, and the text of responses.</param>
    /// <param name="slots">Sequences decoded side by side.</param>
    public Sampler(Decoder policy, ITokenizer tokenizer, int slots) => (_policy, _tokenizer, _slots) = (policy, tokenizer, slots);

    public SamplingStatistics LastStatistics { get; private set; } = new(0, 0, 0, TimeSpan.Zero);

    /// <summary>Samples every request; groups come back in the order of the requests.</summary>
    /// <param name="requests">Prompts with the number of responses wanted.</param>
    /// <param name="options">How tokens are drawn.</param>
    /// <param name="policyVersion">Recorded in each response.</param>
    /// <param name="observer">Told of every token and every complete group, on this thread.</param>
    /// <param name="cancellation">Checked before each decoding step.</param>
    /// <exception cref="BadInputException">A prompt is empty or leaves no room for a response in the model's context.</exception>
    public IReadOnlyList<RolloutGroup> Sample(
        IReadOnlyList<SampleRequest> requests,
        SamplingOptions options,
        long policyVersion,
        IRolloutObserver observer,
        CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var run = new Run(this, requests, options, policyVersion, observer);
        using (no_grad())
        {
            while (run.Advance()) cancellation.ThrowIfCancellationRequested();
        }
        LastStatistics = new SamplingStatistics(run.Tokens, run.PrefillTokens, run.Steps, clock.Elapsed);
        return run.Groups;
    }

    /// <summary>Frees the cache until the next call, so that training can have its memory.</summary>
    public void ReleaseCache()
    {
        _cache?.Dispose();
        _cache = null;
    }

    public void Dispose() => ReleaseCache();

    private KeyValueCache Cache(int context)
    {
        if (_cache is null || _cache.Context < context)
        {
            ReleaseCache();
            _cache = new KeyValueCache(_policy.Config, _slots, context, _policy.Device);
        }
        return _cache;
    }

    /// <summary>The state of one call.</summary>
    private sealed class Run
    {
        private readonly Sampler _owner;
        private readonly IReadOnlyList<SampleRequest> _requests;
        private readonly SamplingOptions _options;
        private readonly long _version;
        private readonly IRolloutObserver _observer;
        private readonly StopConditions _stops;
        private readonly KeyValueCache _cache;
        private readonly Queue<(int Request, int Sample)> _waiting = new();
        private readonly List<ActiveSequence> _active = []; // index = cache row
        private readonly Response[][] _responses;
        private readonly int[] _open;

        public Run(Sampler owner, IReadOnlyList<SampleRequest> requests, SamplingOptions options, long version, IRolloutObserver observer)
        {
            (_owner, _requests, _options, _version, _observer) = (owner, requests, options, version, observer);
            _stops = new StopConditions(owner._tokenizer, owner._tokenizer.EndOfSequenceIds.Concat(owner._policy.Config.EndOfSequenceIds),
                options.StopStrings);
            var context = 1;
            for (var i = 0; i < requests.Count; i++)
            {
                context = Math.Max(context, requests[i].PromptIds.Length + MaxNewTokens(requests[i]));
                for (var sample = 0; sample < requests[i].Samples; sample++) _waiting.Enqueue((i, sample));
            }
            _cache = owner.Cache(context);
            _responses = [.. requests.Select(request => new Response[request.Samples])];
            _open = [.. requests.Select(request => request.Samples)];
            Groups = new RolloutGroup[requests.Count];
        }

        public RolloutGroup[] Groups { get; }

        public long Tokens { get; private set; }

        public long PrefillTokens { get; private set; }

        public long Steps { get; private set; }

        /// <summary>Admits what fits, then decodes one token of every row; false when nothing is left.</summary>
        public bool Advance()
        {
            using var scope = NewDisposeScope();
            Admit();
            if (_active.Count == 0) return _waiting.Count > 0;
            Steps++;
            using var ids = tensor(_active.Select(row => (long)row.LastToken).ToArray(), device: _owner._policy.Device);
            var lengths = _active.Select(row => row.CachedLength).ToArray();
            using var attention = new CachedAttention(_cache, lengths, _owner._policy.Device);
            Draw(0, _owner._policy.Logits(_owner._policy.Hidden(ids, attention)));
            return _active.Count + _waiting.Count > 0;
        }

        /// <summary>Fills free rows with waiting responses and prefills their prompts in one packed pass.</summary>
        private void Admit()
        {
            var first = _active.Count;
            var prompts = new List<int>();
            var rows = new List<List<int>>();
            while (_waiting.TryPeek(out var next) && FitsWhole(next))
            {
                _waiting.Dequeue();
                if (prompts.Count == 0 || prompts[^1] != next.Request)
                {
                    prompts.Add(next.Request);
                    rows.Add([]);
                }
                rows[^1].Add(_active.Count);
                _active.Add(new ActiveSequence(next.Request, next.Sample, _requests[next.Request], MaxNewTokens(_requests[next.Request])));
            }
            if (prompts.Count == 0) return;
            using var pack = new PackedSequences([.. prompts.Select(request => _requests[request].PromptIds)], _owner._policy.Device);
            using var attention = new PrefillAttention(pack, _cache, rows);
            PrefillTokens += pack.Lengths.Sum();
            var hidden = _owner._policy.Hidden(pack.Ids, attention);
            // Each admitted row continues from the last token of its prompt.
            var last = rows.SelectMany((group, prompt) => group.Select(_ => (long)pack.Starts[prompt] + pack.Lengths[prompt] - 1)).ToArray();
            Draw(first, _owner._policy.Logits(hidden.index_select(0, tensor(last, device: _owner._policy.Device))));
        }

        /// <summary>A group enters as a whole, so that its prompt is computed once; one larger than the cache enters in parts.</summary>
        private bool FitsWhole((int Request, int Sample) next)
        {
            var free = _owner._slots - _active.Count;
            var needed = next.Sample == 0 ? Math.Min(_requests[next.Request].Samples, _owner._slots) : 1;
            return free >= needed;
        }

        /// <summary>Draws a token for the rows from <paramref name="first"/> on, and retires those that end.</summary>
        private void Draw(int first, Tensor logits)
        {
            using var onCpu = logits.cpu().contiguous();
            var values = onCpu.data<float>().ToArray();
            var vocabulary = (int)logits.shape[1];
            var reasons = new FinishReason?[_active.Count - first];
            Parallel.For(0, reasons.Length, i =>
                reasons[i] = _active[first + i].Append(values.AsSpan(i * vocabulary, vocabulary), _options, _stops));
            Tokens += reasons.Length;
            for (var row = first; row < _active.Count; row++) _observer.OnToken(_active[row].Request, _active[row].Sample, _active[row].LastToken);
            for (var i = reasons.Length - 1; i >= 0; i--)
            {
                if (reasons[i] is { } reason) Retire(first + i, reason);
            }
        }

        private void Retire(int row, FinishReason reason)
        {
            var ended = _active[row];
            var last = _active.Count - 1;
            if (row < last)
            {
                _cache.MoveRow(last, row, _active[last].CachedLength);
                _active[row] = _active[last];
            }
            _active.RemoveAt(last);
            _responses[ended.Request][ended.Sample] = ended.ToResponse(reason, _version, _owner._tokenizer);
            if (--_open[ended.Request] > 0) return;
            var request = _requests[ended.Request];
            Groups[ended.Request] = new RolloutGroup(request.Problem, request.PromptIds, _responses[ended.Request]);
            _observer.OnGroup(ended.Request, Groups[ended.Request]);
        }

        private int MaxNewTokens(SampleRequest request)
        {
            var room = _owner._policy.Config.ContextLength - request.PromptIds.Length;
            if (request.PromptIds.Length == 0) throw new BadInputException($"Problem '{request.Problem.Id}' has an empty prompt; give it at least one token.");
            if (room < 1)
            {
                throw new BadInputException($"The prompt of problem '{request.Problem.Id}' has {request.PromptIds.Length} tokens, but the " +
                    $"model's context holds {_owner._policy.Config.ContextLength}; shorten the prompt or leave the problem out.");
            }
            return Math.Min(_options.MaxNewTokens, room);
        }
    }
}
