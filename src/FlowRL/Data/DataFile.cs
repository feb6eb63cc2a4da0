using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.GZip;

namespace FlowRL.Data;

/// <summary>The bytes of a data file, unpacked where its name ends in .gz.</summary>
internal static class DataFile
{
    public static Stream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new UnpackedStream(path, file) : file;
    }
}

/// <summary>
/// What a gzip file unpacks to. A small file can unpack to a thousand times its size, which no data does: that is refused on the way, before it fills
/// the memory.
/// </summary>
/// <param name="name">For messages.</param>
/// <param name="packed">Owned.</param>
internal sealed class UnpackedStream(string name, Stream packed) : Stream
{
    // Deflate reaches 1032; repetitive rows reach a few dozen.
    private const int MostTimes = 100;
    private const long AlwaysAllowed = 64L << 20;

    // The framework's own takes a cut file for a whole one.
    private readonly GZipInputStream _unpacked = new(packed);
    private long _count;

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read;
        try
        {
            read = _unpacked.Read(buffer, offset, count);
        }
        // A damaged file can make the decoder fail in ways of its own.
        catch (Exception e) when (e is SharpZipBaseException or ArgumentException or IndexOutOfRangeException or InvalidOperationException)
        {
            throw new InvalidDataException(e.Message, e);
        }
        _count += read;
        return _count <= Most(packed.Length) ? read : throw TooMuch(name);
    }

    /// <summary>Bytes that a file of this many may unpack to.</summary>
    public static long Most(long packed) => Math.Max(AlwaysAllowed, packed * MostTimes);

    public static BadInputException TooMuch(string name) => new(
        $"{name}: unpacks to more than {MostTimes} times its size, as data hardly does; unpack it yourself, if it is meant to be so.");

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _unpacked.Dispose();
        base.Dispose(disposing);
    }
}
