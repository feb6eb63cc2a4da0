using FlowRL.Models;
using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

/// <summary>Decoding on the CPU with vector kernels. A prompt's keys and values are kept once for all sequences that start
/// with it, what follows in pages.</summary>
internal sealed unsafe class CpuEngine<S, V, W, C>(Decoder model, int threads) : IDecodeEngine, IMeasuredEngine
    where S : struct, ISimd<V>
    where V : struct
    where W : struct, IStorage
    where C : struct, IStorage
{
    private PassRunner<S, V, W, C>? _runner;
    private readonly CacheShape _shape = CacheShape.Of<C>(model.Config, HeadLayout.Of(model.Config, S.Lanes));
    private readonly Dictionary<SequenceCache, NativeBlock> _prompts = [];
    private PagePool? _pages; // what follows prompts
    private SequenceCache?[] _sequences = [];
    private int _reach;

    public long PackedBytes => _runner?.PackedBytes ?? 0;

    public long CacheBytes => (_pages?.Bytes ?? 0) + _prompts.Values.Sum(prompt => prompt.Bytes);

    public void Open(int slots, int longestPrompt, int longestResponse)
    {
        Close();
        var context = longestPrompt + longestResponse;
        _reach = model.LongestSequence ?? context;
        _runner = new PassRunner<S, V, W, C>(model, threads, Math.Max(slots, longestPrompt), context);
        _pages = new PagePool(_shape, longestResponse, slots);
        _sequences = new SequenceCache[slots];
    }

    public void Start(IReadOnlyList<PromptStart> prompts, LogitsReader read)
    {
        var places = new List<TokenPlace>();
        var reader = 0;
        foreach (var prompt in prompts)
        {
            var ids = prompt.PromptIds;
            var memory = new NativeBlock(_shape.Size(ids.Length));
            var cache = SequenceCache.Of(null, new CacheSegment(_shape, ids.Length, memory.Data), _reach);
            cache.Users = prompt.Slots.Length;
            _prompts.Add(cache, memory);
            for (var t = 0; t < ids.Length; t++)
            {
                places.Add(new TokenPlace(ids[t], cache, t, reader, t == ids.Length - 1 ? prompt.Slots.Length : 0));
            }
            foreach (var slot in prompt.Slots) _sequences[slot] = new SequenceCache(cache, _pages!.PageTokens, _reach);
            reader += prompt.Slots.Length;
        }
        _runner!.Run([.. places], read);
    }

    public void Advance(ReadOnlySpan<int> slots, ReadOnlySpan<int> tokens, LogitsReader read)
    {
        var places = new TokenPlace[slots.Length];
        Func<CacheSegment> page = _pages!.Take;
        for (var i = 0; i < places.Length; i++)
        {
            var sequence = _sequences[slots[i]]!;
            sequence.Append(page);
            places[i] = new TokenPlace(tokens[i], sequence, sequence.Length - 1, i, 1);
        }
        _runner!.Run(places, read);
    }

    public void End(int slot)
    {
        var sequence = _sequences[slot]!;
        _pages!.Return(sequence.Own);
        if (--sequence.Prompt!.Users == 0 && _prompts.Remove(sequence.Prompt, out var memory)) memory.Dispose();
        _sequences[slot] = null;
    }

    public void Close()
    {
        for (var slot = 0; slot < _sequences.Length; slot++) if (_sequences[slot] is not null) End(slot);
        _runner?.Dispose();
        _pages?.Dispose();
        (_runner, _pages, _sequences) = (null, null, []);
    }

    public void Dispose() => Close();
}
