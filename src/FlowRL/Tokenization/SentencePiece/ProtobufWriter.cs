using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace FlowRL.Tokenization.SentencePiece;

/// <summary>Writes a protocol buffer field by field.</summary>
internal sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public ProtobufWriter Integer(int number, int value)
    {
        Variable((ulong)number << 3);
        Variable((ulong)(long)value);
        return this;
    }

    public ProtobufWriter Flag(int number, bool value) => Integer(number, value ? 1 : 0);

    public ProtobufWriter Float(int number, float value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        Variable((ulong)number << 3 | 5);
        _bytes.Write(bytes);
        return this;
    }

    public ProtobufWriter Text(int number, string text) => Bytes(number, Encoding.UTF8.GetBytes(text));

    public ProtobufWriter Message(int number, Action<ProtobufWriter> write)
    {
        var inner = new ProtobufWriter();
        write(inner);
        return Bytes(number, inner.ToArray());
    }

    public ProtobufWriter Bytes(int number, ReadOnlySpan<byte> bytes)
    {
        Variable((ulong)number << 3 | 2);
        Variable((ulong)bytes.Length);
        _bytes.Write(bytes);
        return this;
    }

    private void Variable(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _bytes.Write([(byte)(value | 0x80)]);
        _bytes.Write([(byte)value]);
    }
}
