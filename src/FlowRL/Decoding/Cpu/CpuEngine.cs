using FlowRL.Models;

namespace FlowRL.Decoding.Cpu;

/// <summary>
/// Decoding on the CPU with vector kernels. With many sequences each thread takes some of them through the whole model and never waits
/// for another; with few, all threads share every matrix, so that each weight is read once.
/// </summary>
internal sealed unsafe class CpuEngine<S, V, W, C>(Decoder model, int threads) : IDecodeEngine
    where S : struct, ISimd<V>
    where V : struct
    where W : struct, IStorage
    where C : struct, IStorage
{
    // A block of this many rows reads the weights once; more would push the activations out of the core's own cache.
    private const int BlockRows = 256;

    // Logits of a block take 16 MB at most.
    private const int LogitNumbers = 4 << 20;

    // With fewer rows a thread, or weights that no cache holds, reading them once for all threads wins.
    private const int FewRows = 8;
    private const long CachedWeights = 64L << 20;

    private readonly DecoderConfig _config = model.Config;
    private Crew? _crew;
    private PackedDecoder<S, V, W>? _weights;
    private RotaryTable? _rotary;
    private ForwardPass<S, V, W, C>? _pass;
    private Workspace? _shared;
    private Workspace[] _single = [];
    private Sequence?[] _sequences = [];
    private CacheSegment[] _segments = []; // what follows the prompt, for each slot
    private NativeBlock? _cache;

    public void Open(int slots, int longestPrompt, int longestResponse)
    {
        Close();
        _crew = new Crew(threads);
        _weights = new PackedDecoder<S, V, W>(model);
        _rotary = new RotaryTable(_config, longestPrompt + longestResponse);
        _pass = new ForwardPass<S, V, W, C>(_config, _weights, _rotary);
        var rows = Math.Min(BlockRows, Math.Max(slots, longestPrompt));
        Workspace Space(int members) => new(rows, Math.Clamp(LogitNumbers / Strides.Vocabulary, 8, rows + 7), members, Strides,
            PackedMatrix<S, V, W>.Width, longestPrompt + longestResponse);
        _shared = Space(threads);
        if (_weights.Bytes <= CachedWeights) _single = [.. Enumerable.Range(0, threads).Select(_ => Space(1))];
        _sequences = new Sequence[slots];
        var run = Run(longestResponse);
        var segment = 2L * _config.Layers * _config.KeyValueHeads * run;
        _cache = new NativeBlock(slots * segment);
        _segments = [.. Enumerable.Range(0, slots).Select(slot => new CacheSegment(_config.KeyValueHeads, run, _cache.Data + slot * segment))];
    }

    public void Start(IReadOnlyList<PromptStart> prompts, LogitsReader read)
    {
        var places = new List<TokenPlace>();
        var reader = 0;
        foreach (var prompt in prompts)
        {
            var ids = prompt.PromptIds;
            var segment = new CacheSegment(_config.Layers, _config.KeyValueHeads, Run(ids.Length));
            segment.Users = prompt.Slots.Length;
            for (var t = 0; t < ids.Length; t++)
            {
                places.Add(new TokenPlace(ids[t], t, null, 0, segment, t + 1, reader, t == ids.Length - 1 ? prompt.Slots.Length : 0));
            }
            foreach (var slot in prompt.Slots) _sequences[slot] = new Sequence(segment, ids.Length);
            reader += prompt.Slots.Length;
        }
        Run([.. places], read);
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
        Run(places, read);
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
        _cache?.Dispose();
        _shared?.Dispose();
        foreach (var space in _single) space.Dispose();
        _rotary?.Dispose();
        _weights?.Dispose();
        _crew?.Dispose();
        (_sequences, _segments, _single) = ([], [], []);
        (_crew, _weights, _rotary, _pass, _shared, _cache) = (null, null, null, null, null, null);
    }

    public void Dispose() => Close();

    private Workspace.Widths Strides { get; } = new(
        Padded(model.Config.Width), Padded((model.Config.Heads + 2 * model.Config.KeyValueHeads) * model.Config.HeadWidth),
        Padded(model.Config.Heads * model.Config.HeadWidth), Padded(model.Config.FeedForwardWidth), Padded(model.Config.VocabularySize));

    private static int Padded(int width)
    {
        var panel = PackedMatrix<S, V, W>.Width;
        return (width + panel - 1) / panel * panel;
    }

    private long Run(int tokens) => (long)tokens * _config.HeadWidth * C.Bytes;

    private void Run(TokenPlace[] places, LogitsReader read)
    {
        if (_single.Length > 0 && places.Length >= FewRows * threads) RunApart(places, read);
        else RunTogether(places, read);
    }

    private void RunTogether(TokenPlace[] places, LogitsReader read)
    {
        var team = new Team(threads);
        _crew!.Run(rank => Blocks(places, 0, places.Length, _shared!, team, rank, read));
    }

    private void RunApart(TokenPlace[] places, LogitsReader read) => _crew!.Run(rank =>
        Blocks(places, Boundary(places, rank), Boundary(places, rank + 1), _single[rank], new Team(1), 0, read));

    /// <summary>Where the share of a thread begins; a prompt stays whole, because its tokens see each other.</summary>
    private int Boundary(TokenPlace[] places, int rank)
    {
        var at = (int)((long)places.Length * rank / threads);
        while (at > 0 && at < places.Length && ReferenceEquals(places[at].Own, places[at - 1].Own)) at++;
        return at;
    }

    private void Blocks(TokenPlace[] places, int first, int last, Workspace space, Team team, int rank, LogitsReader read)
    {
        try
        {
            for (var at = first; at < last; at += space.Rows)
            {
                _pass!.Run(places.AsSpan(at, Math.Min(space.Rows, last - at)), space, team, rank, read);
            }
        }
        catch
        {
            team.Break();
            throw;
        }
    }

    private sealed class Sequence(CacheSegment prompt, int promptLength)
    {
        public CacheSegment Prompt => prompt;

        public int PromptLength => promptLength;

        /// <summary>Tokens after the prompt.</summary>
        public int Length { get; set; }
    }
}
