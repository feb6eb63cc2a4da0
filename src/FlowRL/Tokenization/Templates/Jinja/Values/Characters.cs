using System.Globalization;
using System.Text;

namespace FlowRL.Tokenization.Templates.Jinja.Values;

/// <summary>What Python calls white space, a line, or printable.</summary>
internal static class Characters
{
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001c' and <= '\u001f';

    public static bool IsBlank(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!IsSpace(c)) return false;
        }
        return true;
    }

    public static bool IsPrintable(int codePoint) => codePoint == ' ' || (codePoint is < 0xD800 or > 0xDFFF)
        && Rune.GetUnicodeCategory(new Rune(codePoint)) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    public static string Strip(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsSpace(text[start])) start++;
        while (end > start && IsSpace(text[end - 1])) end--;
        return text[start..end];
    }

    /// <summary>Without characters of a set at its ends; without white space where the set is null.</summary>
    public static TracedText Strip(TracedText text, string? set, bool left, bool right)
    {
        var plain = text.Plain;
        var wanted = set is null ? null : set.EnumerateRunes().ToHashSet();
        bool Goes(Rune rune) => wanted is null ? rune.IsBmp && IsSpace((char)rune.Value) : wanted.Contains(rune);
        var (start, end) = (0, plain.Length);
        while (left && start < end && Rune.GetRuneAt(plain, start) is var rune && Goes(rune)) start += rune.Utf16SequenceLength;
        while (right && end > start && Rune.DecodeLastFromUtf16(plain.AsSpan(0, end), out var rune, out var units) == System.Buffers.OperationStatus.Done
            && Goes(rune)) end -= units;
        return text.Slice(start, end);
    }

    /// <summary>The lines of a text and, each behind its own, where it ends with the signs that end it.</summary>
    public static IEnumerable<(int Start, int End, int Next)> Lines(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && !EndsLine(text[end])) end++;
            var next = end + (end >= text.Length ? 0 : text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1);
            yield return (start, end, next);
            start = next;
        }
    }

    private static bool EndsLine(char c) => c is (>= '\n' and <= '\r') or (>= '\u001c' and <= '\u001e') or '\u0085' or '\u2028' or '\u2029';
}
