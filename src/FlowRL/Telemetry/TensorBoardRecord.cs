using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace FlowRL.Telemetry;

/// <summary>
/// The bytes of TensorBoard's event files: protocol-buffer <c>Event</c> messages (tensorflow/core/util/event.proto) framed as TFRecords
/// (length, masked CRC-32C of the length, data, masked CRC-32C of the data; all little endian).
/// </summary>
internal static class TensorBoardRecord
{
    // Event: 1 wall_time double, 2 step int64, 3 file_version string, 5 summary message, 7 session_log message.
    // Summary: 1 value message; Value: 1 tag string, 2 simple_value float. SessionLog: 1 status enum (START = 1).
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    public static byte[] FileVersion(double wallTime) => Event(wallTime, 0, e => Put(e, 3, "brain.Event:2"u8));

    /// <summary>Says that the run goes on from <paramref name="step"/>: viewers drop what earlier files hold from there on.</summary>
    public static byte[] SessionStart(double wallTime, long step) => Event(wallTime, step, e => Put(e, 7, [Varint | (1 << 3), 1]));

    public static byte[] Scalars(double wallTime, long step, IEnumerable<KeyValuePair<string, double>> scalars) =>
        Event(wallTime, step, e => Put(e, 5, Message(summary =>
        {
            foreach (var (tag, value) in scalars) Put(summary, 1, Message(v => Scalar(v, tag, (float)value)));
        })));

    /// <summary>One record around <paramref name="data"/>.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> data)
    {
        var record = new byte[data.Length + 16];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc(record.AsSpan(0, 8)));
        data.CopyTo(record.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), MaskedCrc(data));
        return record;
    }

    /// <summary>CRC-32C, rotated and shifted so that a checksum of data that holds checksums stays meaningful.</summary>
    public static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data) crc = BitOperations.Crc32C(crc, b);
        return BitOperations.RotateRight(~crc, 15) + 0xA282EAD8u;
    }

    private static byte[] Event(double wallTime, long step, Action<MemoryStream> content) => Message(e =>
    {
        Key(e, 1, Fixed64);
        Span<byte> time = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(time, wallTime);
        e.Write(time);
        Key(e, 2, Varint);
        Number(e, (ulong)step);
        content(e);
    });

    private static void Scalar(MemoryStream into, string tag, float value)
    {
        Put(into, 1, Encoding.UTF8.GetBytes(tag));
        Key(into, 2, Fixed32);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        into.Write(bytes);
    }

    private static byte[] Message(Action<MemoryStream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }

    private static void Put(MemoryStream into, int field, ReadOnlySpan<byte> bytes)
    {
        Key(into, field, Bytes);
        Number(into, (ulong)bytes.Length);
        into.Write(bytes);
    }

    private static void Key(MemoryStream into, int field, int wireType) => Number(into, (ulong)((field << 3) | wireType));

    private static void Number(MemoryStream into, ulong value)
    {
        for (; value > 0x7F; value >>= 7) into.WriteByte((byte)(value | 0x80));
        into.WriteByte((byte)value);
    }
}
