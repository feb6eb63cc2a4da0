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

    /// <param name="heads">Key-value heads.</param>
    /// <param name="run">Bytes that the keys of one layer and head take: tokens × head width × bytes a number.</param>
    /// <param name="data">Memory of <c>layers × heads × 2 × run</c> bytes, borrowed.</param>
    public CacheSegment(int heads, long run, byte* data)
    {
        (_heads, _run) = (heads, run);
        _data = data;
    }

    /// <summary>With memory of its own.</summary>
    public CacheSegment(int layers, int heads, long run)
    {
        _owned = new NativeBlock(layers * heads * 2L * run);
        (_heads, _run) = (heads, run);
        _data = _owned.Data;
    }

    /// <summary>Sequences that read it.</summary>
    public int Users { get; set; }

    /// <summary>The keys of one layer and head, from token 0 on.</summary>
    public byte* Keys(int layer, int head) => _data + 2L * (layer * _heads + head) * _run;

    /// <summary>The values of one layer and head, from token 0 on.</summary>
    public byte* Values(int layer, int head) => Keys(layer, head) + _run;

    public void Dispose() => _owned?.Dispose();
}
