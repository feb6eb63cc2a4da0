namespace FlowRL.Data;

/// <summary>Infinity and NaN, which Python writes into JSON though JSON has no words for them.</summary>
internal static class NonFiniteNumbers
{
    /// <summary>The line with infinities as numbers beyond every double, which readers take for infinite, and NaN as null; texts stay as they are.</summary>
    public static byte[] Write(ReadOnlySpan<byte> line)
    {
        var written = new List<byte>(line.Length);
        var isText = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (isText && line[i] == (byte)'\\')
            {
                written.Add(line[i++]);
                if (i < line.Length) written.Add(line[i]);
                continue;
            }
            if (line[i] == (byte)'"') isText = !isText;
            if (!isText && line[i..].StartsWith("Infinity"u8))
            {
                written.AddRange("1e999"u8);
                i += "Infinity".Length - 1;
            }
            else if (!isText && line[i..].StartsWith("NaN"u8))
            {
                written.AddRange("null"u8);
                i += "NaN".Length - 1;
            }
            else
            {
                written.Add(line[i]);
            }
        }
        return [.. written];
    }
}
