using System.Diagnostics;
using FlowRL.Decoding;
using FlowRL.Models;
using FlowRL.Tokenization;
using static TorchSharp.torch;

namespace FlowRL.Rollouts;

/// <summary>
/// Sampling in this process, with continuous batching: sequences that finish leave, waiting groups enter. A group's prompt is computed once.
/// Computes on the caller's thread and with the policy itself, so that there are no weights to move.
/// </summary>
/// <remarks>
/// A response draws from its own seeded stream whatever else is in the batch. Rounding of the matrix products may still depend on how
/// many rows they have, in the last bits.
/// </remarks>
internal sealed class Sampler : IRolloutEngine
{
    private const int LeastRoom = 2048;

    private readonly Decoder _policy;
    private readonly ITokenizer _tokenizer;
    private readonly int _slots;
    private readonly IDecodeEngine _engine;
    private readonly bool _staysOpen;
    private (int Slots, int Prompt, int Response)? _room; // of the engine while it is open
    private long _version;

    /// <param name="policy">Borrowed; its weights may change between calls.</param>
    /// <param name="tokenizer">Gives stop tokens, and the text of responses.</param>
    /// <param name="slots">Sequences decoded side by side.</param>
    /// <param name="decode">Which engine computes, and in what types; by default what is exact and fast.</param>
    /// <param name="staysOpen">
    /// Whether the engine keeps its packed weights from call to call, for a model that nobody trains: they are then packed once, and again only
    /// where a call needs more room.
    /// </param>
    public Sampler(Decoder policy, ITokenizer tokenizer, int slots, DecodeOptions? decode = null, bool staysOpen = false)
        : this(policy, tokenizer, slots, DecodeEngines.Create(policy, decode ?? new DecodeOptions()), decode ?? new DecodeOptions(), staysOpen)
    {
    }

    /// <summary>With an engine that the sampler then owns.</summary>
    internal Sampler(Decoder policy, ITokenizer tokenizer, int slots, IDecodeEngine engine, DecodeOptions decode, bool staysOpen = false)
    {
        (_policy, _tokenizer, _slots, _engine, _staysOpen) = (policy, tokenizer, slots, engine, staysOpen);
        Promises = new EnginePromises
        {
            LogProbs = decode.IsExact && policy.Head.dtype == ScalarType.Float32 ? LogProbQuality.Exact : LogProbQuality.Rounded,
            OwnSeeds = true,
        };
    }

    public EnginePromises Promises { get; }

    /// <exception cref="ArgumentException">It is another model than the one that this sampler computes with.</exception>
    public Task SynchroniseAsync(Decoder policy, long version, CancellationToken cancellation)
    {
        if (!ReferenceEquals(policy, _policy)) throw new ArgumentException("This sampler computes with the model that it was made for.", nameof(policy));
        _version = version;
        Close();
        return Task.CompletedTask;
    }

    public Task<SamplingStatistics> SampleAsync(
        IReadOnlyList<SampleRequest> requests, SamplingOptions options, IRolloutObserver observer, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var isDone = false;
        try
        {
            var run = new Run(this, requests, options, _version, observer);
            while (run.Advance()) cancellation.ThrowIfCancellationRequested();
            isDone = true;
            return Task.FromResult(new SamplingStatistics(run.Tokens, run.PrefillTokens, run.Steps, clock.Elapsed));
        }
        finally
        {
            // Training has the memory until the next call; and what was cut short has left sequences behind.
            if (!isDone || !StaysOpen) Close();
        }
    }

    public void Dispose() => _engine.Dispose();

    /// <summary>Phi's rotary divisors follow from the room where nothing else decides them.</summary>
    private bool StaysOpen => _staysOpen && (_policy.Config.RopeScaling is not RopeScaling.LongRope || _policy.LongestSequence is not null);

    private void Open(int slots, int prompt, int response)
    {
        if (_room is { } room && slots <= room.Slots && prompt <= room.Prompt && response <= room.Response) return;
        // Conversations grow, and files have longer prompts further down.
        if (StaysOpen) prompt = Math.Max(prompt, Math.Min(_policy.Config.ContextLength - response, Math.Max(2 * prompt, LeastRoom)));
        _engine.Open(slots, prompt, response);
        _room = (slots, prompt, response);
    }

    private void Close()
    {
        _engine.Close();
        _room = null;
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
        private readonly IDecodeEngine _engine;
        private readonly Queue<(int Request, int Sample)> _waiting = new();
        private readonly List<ActiveSequence> _active = []; // in order of admission, so that a group stays together
        private readonly Stack<int> _free;

        public Run(Sampler owner, IReadOnlyList<SampleRequest> requests, SamplingOptions options, long version, IRolloutObserver observer)
        {
            (_owner, _requests, _options, _version, _observer) = (owner, requests, options, version, observer);
            _stops = new StopConditions(owner._tokenizer, owner._tokenizer.EndOfSequenceIds.Concat(owner._policy.Config.EndOfSequenceIds),
                options.StopStrings);
            var (prompt, response) = (1, 1);
            for (var i = 0; i < requests.Count; i++)
            {
                response = Math.Max(response, MaxNewTokens(requests[i]));
                prompt = Math.Max(prompt, requests[i].PromptIds.Length + requests[i].Given.Length);
                for (var sample = 0; sample < requests[i].Samples; sample++) _waiting.Enqueue((i, sample));
            }
            var slots = Math.Min(owner._slots, Math.Max(1, _waiting.Count));
            _free = new Stack<int>(Enumerable.Range(0, slots).Reverse());
            _engine = owner._engine;
            owner.Open(slots, prompt, response);
        }

        public long Tokens { get; private set; }

        public long PrefillTokens { get; private set; }

        public long Steps { get; private set; }

        /// <summary>Admits what fits, then decodes one token of every sequence; false when nothing is left.</summary>
        public bool Advance()
        {
            Admit();
            if (_active.Count == 0) return _waiting.Count > 0;
            Steps++;
            var reasons = new FinishReason?[_active.Count];
            _engine.Advance(
                _active.Select(sequence => sequence.Slot).ToArray(),
                _active.Select(sequence => sequence.LastToken).ToArray(),
                (i, logits) => reasons[i] = _active[i].Append(logits, _options, _stops));
            Finish(0, reasons);
            return _active.Count + _waiting.Count > 0;
        }

        /// <summary>Fills free slots with waiting responses and computes their prompts in one packed pass.</summary>
        private void Admit()
        {
            var first = _active.Count;
            var prompts = new List<(int Request, List<int> Slots)>();
            while (_waiting.TryPeek(out var next) && FitsWhole(next))
            {
                _waiting.Dequeue();
                if (prompts.Count == 0 || prompts[^1].Request != next.Request) prompts.Add((next.Request, []));
                prompts[^1].Slots.Add(_free.Peek());
                var source = _requests[next.Request];
                _active.Add(new ActiveSequence(next.Request, next.Sample, source, _free.Pop(), MaxNewTokens(source)));
            }
            if (prompts.Count == 0) return;
            var starts = prompts.Select(prompt => new PromptStart(Start(_requests[prompt.Request]), [.. prompt.Slots])).ToList();
            PrefillTokens += starts.Sum(start => start.PromptIds.Length);
            var reasons = new FinishReason?[_active.Count - first];
            _engine.Start(starts, (i, logits) => reasons[i] = _active[first + i].Append(logits, _options, _stops));
            Finish(first, reasons);
        }

        /// <summary>A group enters as a whole, so that its prompt is computed once; one larger than the cache enters in parts.</summary>
        private bool FitsWhole((int Request, int Sample) next)
        {
            var needed = next.Sample == 0 ? Math.Min(_requests[next.Request].Samples, _free.Count + _active.Count) : 1;
            return _free.Count >= needed;
        }

        /// <summary>Tells of the new tokens from sequence <paramref name="first"/> on, and retires the sequences that end.</summary>
        private void Finish(int first, FinishReason?[] reasons)
        {
            Tokens += reasons.Length;
            var active = _active.GetRange(first, reasons.Length);
            _active.RemoveRange(first, reasons.Length);
            foreach (var (i, sequence) in active.Index())
            {
                _observer.OnToken(sequence.Request, sequence.Sample, sequence.LastToken);
                if (reasons[i] is { } reason) Retire(sequence, reason);
                else _active.Add(sequence);
            }
        }

        private void Retire(ActiveSequence ended, FinishReason reason)
        {
            _engine.End(ended.Slot);
            _free.Push(ended.Slot);
            _observer.OnResponse(ended.Request, ended.Sample, ended.ToResponse(reason, _version, _owner._tokenizer));
        }

        private static int[] Start(SampleRequest request) => request.Given is [] ? request.PromptIds : [.. request.PromptIds, .. request.Given];

        private int MaxNewTokens(SampleRequest request)
        {
            var room = _owner._policy.Config.ContextLength - request.PromptIds.Length - request.Given.Length;
            if (request.PromptIds.Length == 0) throw new BadInputException($"Problem '{request.Problem.Id}' has an empty prompt; give it at least one token.");
            if (room < 1)
            {
                throw new BadInputException($"The prompt of problem '{request.Problem.Id}' has {request.PromptIds.Length} tokens, but the " +
                    $"model's context holds {_owner._policy.Config.ContextLength}; shorten the prompt or leave the problem out.");
            }
            var left = _options.MaxNewTokens - request.Given.Length;
            return left > 0 ? Math.Min(left, room) : throw new BadInputException($"A response to problem '{request.Problem.Id}' has " +
                $"{request.Given.Length} tokens already, and may have {_options.MaxNewTokens}; raise the limit, or end it.");
        }
    }
}

/// <summary>What sampling cost: generated and prefilled tokens, decoding steps, and wall-clock time.</summary>
public sealed record SamplingStatistics(long Tokens, long PrefillTokens, long Steps, TimeSpan Elapsed)
{
    public double TokensPerSecond => Elapsed > TimeSpan.Zero ? Tokens / Elapsed.TotalSeconds : 0;
}
