using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace FlowRL.Files;

/// <summary>
/// What keeps a file from being JSON, or text, before a parser sees it, with its place. Parsers find it late: where a text is first used, and
/// without a word on where it stands.
/// </summary>
internal static class JsonDamage
{
    /// <summary>A clause such as "is not UTF-8 at line 3, byte 7"; null where a parser may go on.</summary>
    public static string? Of(ReadOnlySpan<byte> text) =>
        text.Trim(" \t\r\n"u8).IsEmpty ? "is empty" : OfText(text) ?? (FirstHalf(text) is >= 0 and var half
            ? $"has half a character ({Encoding.ASCII.GetString(text.Slice(half, 6))}, a surrogate without its other half) at {Place(text, half)}" : null);

    /// <summary>The same for a text that is no JSON: only its encoding is looked at.</summary>
    public static string? OfText(ReadOnlySpan<byte> text)
    {
        if (Utf8.IsValid(text)) return null;
        var at = 0;
        while (Rune.DecodeFromUtf8(text[at..], out _, out var length) == System.Buffers.OperationStatus.Done) at += length;
        return $"is not UTF-8 at {Place(text, at)}";
    }

    /// <summary>Without the byte order mark that editors put before a text.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> text) => text.Span.StartsWith(Encoding.UTF8.Preamble) ? text[3..] : text;

    private static string Place(ReadOnlySpan<byte> text, int at) => string.Create(CultureInfo.InvariantCulture,
        $"line {text[..at].Count((byte)'\n') + 1}, byte {at - text[..at].LastIndexOf((byte)'\n')}");

    /// <summary>The first escape that is one half of a pair; -1 where there is none.</summary>
    private static int FirstHalf(ReadOnlySpan<byte> text)
    {
        for (var at = 0; text[at..].IndexOf((byte)'\\') is >= 0 and var offset;)
        {
            at += offset;
            var unit = Unit(text, at);
            if (unit is null) at = Math.Min(at + 2, text.Length); // another escape, such as that of a backslash
            else if (char.IsHighSurrogate(unit.Value) && Unit(text, at + 6) is { } low && char.IsLowSurrogate(low)) at += 12;
            else if (char.IsSurrogate(unit.Value)) return at;
            else at += 6;
        }
        return -1;
    }

    private static char? Unit(ReadOnlySpan<byte> text, int at) =>
        at + 6 <= text.Length && text[at] == '\\' && text[at + 1] == 'u'
        && ushort.TryParse(text.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? (char)unit : null;
}
