using FlowRL.Models;
using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

/// <summary>Decoding on the CPU with vector kernels. A prompt's keys and values are kept once for all sequences that start with it.</summary>
internal sealed unsafe class CpuEngine<S, V, W, C>(Decoder model, int threads) : IDecodeEngine, IMeasuredEngine
    where S : struct, ISimd<V>
    where V : struct
    where W : struct, IStorage
    where C : struct, IStorage
{
    private readonly DecoderConfig _config = model.Config;
    private PassRunner<S, V, W, C>? _runner;
    private NativeBlock? _cache;
    private CacheSegment[] _segments = []; // what follows the prompt, for each slot
    private Sequence?[] _sequences = [];

    public long PackedBytes => _runner?.PackedBytes ?? 0;

    public long CacheBytes => (_cache?.Bytes ?? 0) + _sequences.OfType<Sequence>().Select(sequence => sequence.Prompt).Distinct().Sum(prompt => prompt.Bytes);

    public void Open(int slots, int longestPrompt, int longestResponse)
    {
        Close();
        _runner = new PassRunner<S, V, W, C>(model, threads, Math.Max(slots, longestPrompt), longestPrompt + longestResponse);
        var run = CacheSegment.Run<C>(_config, longestResponse);
        var segment = CacheSegment.Size(_config, run);
        _cache = new NativeBlock(slots * segment);
        _segments = [.. Enumerable.Range(0, slots).Select(slot => new CacheSegment(_config, run, _cache.Data + slot * segment))];
        _sequences = new Sequence[slots];
    }

    public void Start(IReadOnlyList<PromptStart> prompts, LogitsReader read)
    {
        var places = new List<TokenPlace>();
        var reader = 0;
        foreach (var prompt in prompts)
        {
            var ids = prompt.PromptIds;
            var segment = new CacheSegment(_config, CacheSegment.Run<C>(_config, ids.Length)) { Users = prompt.Slots.Length };
            for (var t = 0; t < ids.Length; t++)
            {
                places.Add(new TokenPlace(ids[t], t, null, 0, segment, t + 1, reader, t == ids.Length - 1 ? prompt.Slots.Length : 0));
            }
            foreach (var slot in prompt.Slots) _sequences[slot] = new Sequence(segment, ids.Length);
            reader += prompt.Slots.Length;
        }
        _runner!.Run([.. places], read);
    }

    public void Advance(ReadOnlySpan<int> slots, ReadOnlySpan<int> tokens, LogitsReader read)
    {
        var places = new TokenPlace[slots.Length];
        for (var i = 0; i < places.Length; i++)
        {
            var sequence = _sequences[slots[i]]!;
            var length = ++sequence.Length;
            places[i] = new TokenPlace(tokens[i], sequence.PromptLength + length - 1, sequence.Prompt, sequence.PromptLength,
                _segments[slots[i]], length, i, 1);
        }
        _runner!.Run(places, read);
    }

    public void End(int slot)
    {
        var prompt = _sequences[slot]!.Prompt;
        if (--prompt.Users == 0) prompt.Dispose();
        _sequences[slot] = null;
    }

    public void Close()
    {
        for (var slot = 0; slot < _sequences.Length; slot++) if (_sequences[slot] is not null) End(slot);
        _runner?.Dispose();
        _cache?.Dispose();
        (_runner, _cache, _segments, _sequences) = (null, null, [], []);
    }

    public void Dispose() => Close();

    private sealed class Sequence(CacheSegment prompt, int promptLength)
    {
        public CacheSegment Prompt => prompt;

        public int PromptLength => promptLength;

        /// <summary>Tokens after the prompt.</summary>
        public int Length { get; set; }
    }
}
