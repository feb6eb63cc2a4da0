using System.Buffers.Binary;
using System.Text;

namespace FlowRL.Tests.Checkpoints.Gguf;

/// <summary>Puts a GGUF file together byte by byte, wrong where a test wants it wrong.</summary>
internal sealed class GgufBytes
{
    private readonly List<byte> _bytes = [];

    public static GgufBytes Start(uint version = 3, ulong tensors = 0, ulong pairs = 0) =>
        new GgufBytes().Raw("GGUF"u8).U32(version).U64(tensors).U64(pairs);

    public GgufBytes Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public GgufBytes U32(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        return Raw(bytes);
    }

    public GgufBytes U64(ulong number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        return Raw(bytes);
    }

    public GgufBytes Text(string text) => U64((ulong)Encoding.UTF8.GetByteCount(text)).Raw(Encoding.UTF8.GetBytes(text));

    public GgufBytes Pair(string key, uint value) => Text(key).U32(4).U32(value);

    public GgufBytes Tensor(string name, uint type, ulong offset, params ulong[] fastestFirst)
    {
        Text(name).U32((uint)fastestFirst.Length);
        foreach (var size in fastestFirst) U64(size);
        return U32(type).U64(offset);
    }

    /// <summary>Up to the next multiple of the alignment, and then so many bytes of data.</summary>
    public GgufBytes Data(int count, int alignment = 32)
    {
        while (_bytes.Count % alignment != 0) _bytes.Add(0);
        return Raw(new byte[count]);
    }

    public byte[] ToArray() => [.. _bytes];
}
