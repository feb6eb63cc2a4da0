using System.Globalization;
using System.Text;

namespace FlowRL.Cli;

/// <summary>
/// Where everything goes that the tool prints. What models and files say is hostile: characters that move the cursor, colour, delete, or turn the
/// direction of writing come out as escapes (<c>\u202e</c>), which JSON and quoted YAML read back as the same text.
/// </summary>
/// <param name="inner">The stream.</param>
internal sealed class SafeWriter(TextWriter inner) : TextWriter(CultureInfo.InvariantCulture)
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(Safe(value.ToString()));

    public override void Write(string? value) => inner.Write(Safe(value));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    // One call, so that lines of several threads stay whole.
    public override void WriteLine(string? value) => inner.WriteLine(Safe(value));

    public override void WriteLine() => inner.WriteLine();

    public override void Flush() => inner.Flush();

    /// <summary>The text with every character in it harmless.</summary>
    public static string Safe(string? text)
    {
        if (text is null) return "";
        var first = -1;
        for (var i = 0; i < text.Length && first < 0; i++) if (IsUnsafe(text, i)) first = i;
        if (first < 0) return text;
        var safe = new StringBuilder(text, 0, first, text.Length + 20);
        for (var i = first; i < text.Length; i++)
        {
            if (IsUnsafe(text, i)) safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            else safe.Append(text[i]);
        }
        return safe.ToString();
    }

    private static bool IsUnsafe(string text, int at) => text[at] switch
    {
        '\n' or '\t' => false,
        < ' ' or >= '\u007F' and <= '\u009F' => true,
        // Marks and controls of direction, separators of lines and paragraphs, annotations.
        '\u061C' or '\u200E' or '\u200F' or >= '\u2028' and <= '\u202E' or >= '\u2066' and <= '\u2069' or >= '\uFFF9' and <= '\uFFFB' => true,
        // Tags, U+E0000 to U+E007F: letters that nobody sees.
        '\uDB40' => at + 1 < text.Length && text[at + 1] is >= '\uDC00' and <= '\uDC7F',
        >= '\uDC00' and <= '\uDC7F' => at > 0 && text[at - 1] == '\uDB40',
        _ => false,
    };
}
