namespace FlowRL.Files;

/// <summary>Cuts a stream into lines without holding more than one of them.</summary>
internal static class ByteLines
{
    /// <summary>
    /// Line numbers from 1 with the bytes before each line feed; null for a line longer than <paramref name="longest"/>. A span is valid until
    /// the next.
    /// </summary>
    /// <param name="stream">Read to its end.</param>
    /// <param name="longest">Bytes of a line that is held.</param>
    /// <param name="isEnded">Whether a line is one only with its line feed, so that what comes after the last is none.</param>
    public static IEnumerable<(long Number, ReadOnlyMemory<byte>? Line)> Read(Stream stream, int longest, bool isEnded = false)
    {
        var buffer = new byte[1 << 16];
        var (count, number, isTooLong) = (0, 0L, false);
        while (true)
        {
            if (count == buffer.Length)
            {
                if (buffer.Length >= longest) (count, isTooLong) = (0, true);
                else Array.Resize(ref buffer, buffer.Length * 2);
            }
            var read = stream.Read(buffer, count, buffer.Length - count);
            if (read == 0) break;
            var (start, scanned) = (0, count);
            count += read;
            for (int end; (end = buffer.AsSpan(scanned, count - scanned).IndexOf((byte)'\n')) >= 0; start = scanned)
            {
                number++;
                yield return (number, isTooLong ? (ReadOnlyMemory<byte>?)null : buffer.AsMemory(start, scanned + end - start).TrimEnd((byte)'\r'));
                (isTooLong, scanned) = (false, scanned + end + 1);
            }
            buffer.AsSpan(start, count - start).CopyTo(buffer);
            count -= start;
        }
        if (!isEnded && (count > 0 || isTooLong))
            yield return (number + 1, isTooLong ? (ReadOnlyMemory<byte>?)null : buffer.AsMemory(0, count).TrimEnd((byte)'\r'));
    }
}
