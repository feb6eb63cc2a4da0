using FlowRL.Models;
using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

/// <summary>
/// Keys and values of a run of tokens in all layers. For each layer and key-value head the keys of all tokens, then the values, one token after the
/// other: attention reads two streams.
/// </summary>
/// <param name="shape">What is held of a token.</param>
/// <param name="tokens">How many it has room for.</param>
/// <param name="data">Memory of <see cref="CacheShape.Size"/> bytes, borrowed.</param>
internal readonly unsafe struct CacheSegment(CacheShape shape, int tokens, byte* data)
{
    private readonly byte* _data = data;
    private readonly int _heads = shape.Heads, _headBytes = shape.HeadBytes;

    /// <summary>Tokens that it has room for.</summary>
    public int Tokens { get; } = tokens;

    /// <summary>The keys of one layer and head, from a token on.</summary>
    public byte* Keys(int layer, int head, int token = 0) => _data + (2L * (layer * _heads + head) * Tokens + token) * _headBytes;

    /// <summary>The values of one layer and head, from a token on.</summary>
    public byte* Values(int layer, int head, int token = 0) => Keys(layer, head, token + Tokens);

    /// <summary>Whether both are the same memory.</summary>
    public bool Is(in CacheSegment other) => _data == other._data;
}

/// <summary>What a cache holds of a token.</summary>
/// <param name="Layers">Layers with keys and values.</param>
/// <param name="Heads">Key-value heads of a layer.</param>
/// <param name="HeadBytes">Bytes of a head's key, or of its value.</param>
internal sealed record CacheShape(int Layers, int Heads, int HeadBytes)
{
    public static CacheShape Of<C>(DecoderConfig config, HeadLayout head)
        where C : struct, IStorage => new(config.Layers, config.KeyValueHeads, head.Padded * C.Bytes);

    /// <summary>Bytes of a segment with room for <paramref name="tokens"/>.</summary>
    public long Size(int tokens) => 2L * Layers * Heads * HeadBytes * tokens;
}
