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
internal sealed unsafe class CacheSegment(CacheShape shape, int tokens, byte* data)
{
    private readonly long _run = (long)tokens * shape.HeadBytes; // of the keys, or values, of one layer and head

    /// <summary>Tokens that it has room for.</summary>
    public int Tokens => tokens;

    public long Bytes => shape.Size(tokens);

    /// <summary>The keys of one layer and head, from a token on.</summary>
    public byte* Keys(int layer, int head, int token = 0) => data + 2L * (layer * shape.Heads + head) * _run + (long)token * shape.HeadBytes;

    /// <summary>The values of one layer and head, from a token on.</summary>
    public byte* Values(int layer, int head, int token = 0) => Keys(layer, head, token) + _run;
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
