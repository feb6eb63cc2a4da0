using FlowRL.Models;
using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

/// <summary>
/// Keys and values of one run of tokens in all layers: a prompt, shared by the sequences that start with it, or what one sequence
/// appended. For each layer and key-value head the keys of all tokens, then the values, one token after the other: attention reads two
/// streams.
/// </summary>
internal sealed unsafe class CacheSegment : IDisposable
{
    private readonly long _run; // bytes of the keys, or values, of one layer and head
    private readonly int _heads;
    private readonly NativeBlock? _owned;
    private readonly byte* _data;

    /// <param name="config">Layers and heads.</param>
    /// <param name="run">From <see cref="Run{C}"/>.</param>
    /// <param name="data">Memory of <see cref="Size"/> bytes, borrowed.</param>
    public CacheSegment(DecoderConfig config, long run, byte* data)
    {
        (_heads, _run) = (config.KeyValueHeads, run);
        _data = data;
    }

    /// <summary>With memory of its own.</summary>
    public CacheSegment(DecoderConfig config, long run)
    {
        _owned = new NativeBlock(Size(config, run));
        (_heads, _run) = (config.KeyValueHeads, run);
        _data = _owned.Data;
    }

    /// <summary>Sequences that read it.</summary>
    public int Users { get; set; }

    /// <summary>Bytes of its own memory; none where that is borrowed.</summary>
    public long Bytes => _owned?.Bytes ?? 0;

    /// <summary>Bytes that the keys of one layer and head take.</summary>
    public static long Run<C>(DecoderConfig config, int tokens)
        where C : struct, IStorage => (long)tokens * config.HeadWidth * C.Bytes;

    /// <summary>Bytes of a segment.</summary>
    public static long Size(DecoderConfig config, long run) => 2L * config.Layers * config.KeyValueHeads * run;

    /// <summary>The keys of one layer and head, from token 0 on.</summary>
    public byte* Keys(int layer, int head) => _data + 2L * (layer * _heads + head) * _run;

    /// <summary>The values of one layer and head, from token 0 on.</summary>
    public byte* Values(int layer, int head) => Keys(layer, head) + _run;

    public void Dispose() => _owned?.Dispose();
}

/// <summary>One token to compute: which, where it stands, what it sees, and who reads the logits after it.</summary>
/// <param name="Token">Its id.</param>
/// <param name="Position">Tokens before it.</param>
/// <param name="Shared">A prompt that it sees whole; null while the prompt itself is computed.</param>
/// <param name="SharedLength">Tokens of it.</param>
/// <param name="Own">Where its key and value go, as the last of <paramref name="OwnLength"/>; it sees them all.</param>
/// <param name="OwnLength">Tokens there, itself included.</param>
/// <param name="FirstReader">Index of the first sequence that reads the logits.</param>
/// <param name="Readers">How many do: 0 inside a prompt.</param>
internal readonly record struct TokenPlace(
    int Token, int Position, CacheSegment? Shared, int SharedLength, CacheSegment Own, int OwnLength, int FirstReader, int Readers);
