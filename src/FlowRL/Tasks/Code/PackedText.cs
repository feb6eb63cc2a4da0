using System.Buffers.Binary;
using System.Text;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.Zip.Compression.Streams;

namespace FlowRL.Tasks.Code;

/// <summary>
/// A text that was pickled, compressed with zlib and written in base64. Of the pickle, only what a single text needs is read: anything else, which could
/// name code to run, is refused.
/// </summary>
internal static class PackedText
{
    // What is packed can be a thousand times as large as it looks; the tests of a real problem are far below this.
    private const int MostBytes = 1 << 28;

    /// <summary>The text; null where it is anything else, or unpacked over <paramref name="most"/> bytes.</summary>
    public static string? Read(string packed, int most = MostBytes)
    {
        try
        {
            using var inflater = new InflaterInputStream(new MemoryStream(Convert.FromBase64String(packed)));
            using var bytes = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int count; (count = inflater.Read(buffer)) > 0; bytes.Write(buffer, 0, count))
            {
                if (bytes.Length > most) return null;
            }
            return Unpickle(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        }
        catch (Exception other) when (other is FormatException or SharpZipBaseException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    // Protocols 2 to 5: a header, perhaps a frame, one text, perhaps a memo, and the end.
    private static string? Unpickle(ReadOnlySpan<byte> bytes)
    {
        if (bytes is not [0x80, >= 2 and <= 5, ..]) return null;
        bytes = bytes[2..];
        if (bytes is [0x95, ..]) bytes = bytes[9..];
        var (start, length) = bytes switch
        {
            [0x8C, var count, ..] => (2, count),
            [(byte)'X', ..] => (5, BinaryPrimitives.ReadInt32LittleEndian(bytes[1..])),
            [0x8D, ..] => (9, checked((int)BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]))),
            _ => (0, -1),
        };
        if (length < 0 || start + length > bytes.Length) return null;
        var text = Encoding.UTF8.GetString(bytes.Slice(start, length));
        return bytes[(start + length)..] is [0x94, (byte)'.'] or [(byte)'q', _, (byte)'.'] or [(byte)'.'] ? text : null;
    }
}
