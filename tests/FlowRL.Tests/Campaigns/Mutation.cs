using System.Globalization;
using System.Text;

namespace FlowRL.Tests.Campaigns;

/// <summary>Damage as disks, networks, editors and strangers do it. Every choice is the seed's.</summary>
/// <param name="random">Of the input.</param>
/// <param name="isOff">Whether everything stays as it is, to see that what is damaged elsewhere is whole before.</param>
internal sealed class Mutation(Random random, bool isOff = false)
{
    private static readonly string[] Words =
    [
        "null", "true", "[]", "{}", "\"\"", "0", "-1", "1", "7", "2147483647", "2147483648", "9223372036854775807", "1000000000", "1e308", "1e999", "-1e999", "1e-320",
        "NaN", "Infinity", "0.5", "\"\\ud800\"", "\"\\u0000\"", "\"\u202E\"", "\"../../etc/passwd\"", "[[[[[[[[[[1]]]]]]]]]]", "[1,2,3]", "{\"a\":{\"a\":1}}", "\"x\"",
        "-0", "01", "+1", "1,000", "'single'", "~", "yes", "!!int 3", "&a 1", "*a", "\t", "\r", "\uFEFF", "#", ": ", "- ", "]", "}", "{problem}", "inf", ".nan",
    ];

    /// <summary>Bytes with one to four kinds of damage.</summary>
    public byte[] Of(byte[] content)
    {
        if (isOff) return content;
        for (var times = random.Next(2) == 0 ? 1 : random.Next(1, 5); times > 0; times--) content = Once(content);
        return content;
    }

    /// <summary>A choice from 0 on.</summary>
    public int Next(int below) => random.Next(below);

    /// <summary>A word that is seldom right where it stands.</summary>
    public string Word() => random.Next(4) == 0 ? $"{1 << random.Next(14)}" : Words[random.Next(Words.Length)];

    private byte[] Once(byte[] content)
    {
        if (content.Length == 0) return Noise(random.Next(1, 64));
        var at = random.Next(content.Length);
        var length = Math.Min(content.Length - at, 1 << random.Next(0, 12));
        return random.Next(12) switch
        {
            0 => content[..at], // cut
            1 => [.. content[..at], .. content[(at + length)..]],
            2 => [.. content[..at], .. content[at..(at + length)], .. content[at..]], // twice
            3 => [.. content[..at], .. Noise(random.Next(1, 32)), .. content[at..]],
            4 => Changed(content, at, (byte)random.Next(256)),
            5 => Changed(content, at, (byte)(content[at] ^ (1 << random.Next(8)))),
            6 => [.. content[..at], .. new byte[length], .. content[(at + length)..]], // a hole, as after a power cut
            7 => [.. content, .. Noise(random.Next(1, 64))],
            8 => random.Next(8) == 0 ? [] : Changed(content, random.Next(Math.Min(content.Length, 64)), (byte)random.Next(256)), // the header
            _ => Value(content),
        };
    }

    /// <summary>Another value, or another name, in a text such as JSON or YAML.</summary>
    private byte[] Value(byte[] content)
    {
        var text = Encoding.Latin1.GetString(content);
        var marks = text.Index().Where(mark => mark.Item is ':' or ',' or '[').Select(mark => mark.Index).Take(20_000).ToList();
        if (marks.Count == 0) return Changed(content, random.Next(content.Length), (byte)random.Next(256));
        var start = marks[random.Next(marks.Count)] + 1;
        var end = text.AsSpan(start).IndexOfAny(",]}\n") is >= 0 and var rest ? start + rest : text.Length;
        var word = random.Next(30) switch
        {
            0 => new string('[', 200),
            1 => $"\"{new string('x', 100_000)}\"",
            2 => random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
            3 => text[start..end] + "," + text[start..end],
            _ => Word(),
        };
        return [.. content[..start], .. Encoding.UTF8.GetBytes(word), .. content[end..]];
    }

    private static byte[] Changed(byte[] content, int at, byte value)
    {
        byte[] changed = [.. content];
        changed[at] = value;
        return changed;
    }

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }
}
