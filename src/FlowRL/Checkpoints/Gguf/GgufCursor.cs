using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace FlowRL.Checkpoints.Gguf;

/// <summary>
/// Reads the header of a GGUF file from its beginning on. Whatever a length says, nothing is taken that the file does not hold; what is wrong is
/// said with the byte at which it stands.
/// </summary>
internal sealed class GgufCursor(SafeFileHandle file, string path)
{
    private const int MostBuffered = 1 << 16;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string Path { get; } = path;

    private readonly byte[] _buffer = new byte[Math.Min(MostBuffered, RandomAccess.GetLength(file))];
    private long _bufferStart;
    private int _buffered;

    /// <summary>Where the next byte is read.</summary>
    public long Position { get; private set; }

    public long Length { get; } = RandomAccess.GetLength(file);

    public bool BigEndian { get; set; }

    /// <summary>Bytes that are left of the file.</summary>
    public long Left => Length - Position;

    /// <summary>An error at the byte where <paramref name="at"/> points, or else at the next byte.</summary>
    public BadInputException Wrong(string problem, long? at = null) =>
        new($"{Path} {problem}, at byte {at ?? Position}. The file is damaged or no GGUF file: copy or download it again.");

    public byte Byte(string what) => Next(1, what)[0];

    public ushort UInt16(string what) =>
        BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(Next(2, what)) : BinaryPrimitives.ReadUInt16LittleEndian(Next(2, what));

    public uint UInt32(string what) =>
        BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(Next(4, what)) : BinaryPrimitives.ReadUInt32LittleEndian(Next(4, what));

    public ulong UInt64(string what) =>
        BigEndian ? BinaryPrimitives.ReadUInt64BigEndian(Next(8, what)) : BinaryPrimitives.ReadUInt64LittleEndian(Next(8, what));

    /// <summary>A length of 8 bytes, and the text.</summary>
    public string Text(string what)
    {
        var at = Position;
        var length = UInt64($"the length of {what}");
        if (length > (ulong)Left) throw Wrong($"says that {what} is {length} bytes long, where {Left} are left", at);
        try
        {
            return length <= MostBuffered ? Utf8.GetString(Next((int)length, what)) : Utf8.GetString(Large((long)length, what));
        }
        catch (DecoderFallbackException)
        {
            throw Wrong($"has {what} that is not UTF-8", at);
        }
    }

    /// <summary>A number of things that take at least <paramref name="least"/> bytes each.</summary>
    public int Count(string what, int least)
    {
        var at = Position;
        var count = UInt64($"the number of {what}");
        if (count > (ulong)(Left / least)) throw Wrong($"announces {count} {what}, which cannot be in the {Left} bytes that are left", at);
        return count <= int.MaxValue ? (int)count : throw Wrong($"announces {count} {what}, more than can be read", at);
    }

    private byte[] Large(long length, string what)
    {
        // Longer than any text of a model; an array could not hold much more.
        if (length > 1 << 30) throw Wrong($"has {what} of {length} bytes, more than can be read");
        var bytes = new byte[length];
        for (var done = 0; done < bytes.Length; done += MostBuffered)
        {
            var piece = Math.Min(MostBuffered, bytes.Length - done);
            Next(piece, what).CopyTo(bytes.AsSpan(done));
        }
        return bytes;
    }

    private ReadOnlySpan<byte> Next(int count, string what)
    {
        if (count > Left) throw Wrong($"ends inside {what}");
        if (Position + count > _bufferStart + _buffered) Fill(count, what);
        var bytes = _buffer.AsSpan((int)(Position - _bufferStart), count);
        Position += count;
        return bytes;
    }

    private void Fill(int least, string what)
    {
        (_bufferStart, _buffered) = (Position, 0);
        while (_buffered < least)
        {
            var read = RandomAccess.Read(file, _buffer.AsSpan(_buffered), Position + _buffered);
            if (read == 0) throw Wrong($"was cut off while {what} was read");
            _buffered += read;
        }
    }
}
