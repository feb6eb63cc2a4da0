using System.Runtime.InteropServices;

namespace FlowRL.Decoding.Cpu;

/// <summary>
/// Keys and values of one run of tokens in all layers: a prompt, shared by the sequences that start with it, or what one sequence
/// appended. For each layer and key-value head the keys of all tokens, then the values, one token after the other: attention reads two
/// streams. Owns its memory.
/// </summary>
internal sealed unsafe class CacheSegment : IDisposable
{
    private readonly long _run; // bytes of the keys, or values, of one layer and head
    private byte* _data;

    public CacheSegment(int layers, int heads, int capacity, int headBytes)
    {
        (Capacity, _run) = (capacity, (long)capacity * headBytes);
        (HeadBytes, Heads, Bytes) = (headBytes, heads, layers * heads * 2L * _run);
        _data = (byte*)NativeMemory.AlignedAlloc((nuint)Bytes, 64);
    }

    /// <summary>Tokens that fit.</summary>
    public int Capacity { get; }

    /// <summary>Memory held.</summary>
    public long Bytes { get; }

    /// <summary>Sequences that read it.</summary>
    public int Users { get; set; }

    private int HeadBytes { get; }

    private int Heads { get; }

    /// <summary>The keys of one layer and head, from token 0 on.</summary>
    public byte* Keys(int layer, int head) => _data + 2L * (layer * Heads + head) * _run;

    /// <summary>The values of one layer and head, from token 0 on.</summary>
    public byte* Values(int layer, int head) => Keys(layer, head) + _run;

    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }
}
