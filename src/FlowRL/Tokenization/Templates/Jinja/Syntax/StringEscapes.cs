using System.Globalization;
using System.Text;

namespace FlowRL.Tokenization.Templates.Jinja.Syntax;

/// <summary>Backslashes in literals, as Python reads them. What is no escape stays as it stands.</summary>
internal static class StringEscapes
{
    /// <summary>Each sign behind a backslash, and what the two stand for.</summary>
    private static readonly Dictionary<char, string> Single = new (char Sign, string Meant)[]
    {
        ('n', "\n"), ('t', "\t"), ('r', "\r"), ('\\', "\\"), ('\'', "'"), ('"', "\""), ('\n', ""), ('a', "\a"), ('b', "\b"), ('f', "\f"), ('v', "\v"),
    }.ToDictionary(escape => escape.Sign, escape => escape.Meant);

    private static readonly string[] Digits = ["ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"];

    /// <summary>The text of a literal from behind its quote up to the next.</summary>
    public static string Read(SourceText source, int start, int end)
    {
        var written = new StringBuilder();
        for (var at = start; at < end;)
        {
            var c = source[at];
            if (c != '\\' || at + 1 >= end) at = Append(written, c.ToString(), at + 1);
            else at = ReadEscape(source, at, end, written);
        }
        return TokenText.WellFormed(written.ToString());
    }

    private static int ReadEscape(SourceText source, int at, int end, StringBuilder written)
    {
        var c = source[at + 1];
        if (Single.TryGetValue(c, out var single)) return Append(written, single, at + 2);
        if (c is >= '0' and <= '7')
        {
            var behind = at + 1;
            while (behind < Math.Min(at + 4, end) && source[behind] is >= '0' and <= '7') behind++;
            return Append(written, ((char)Convert.ToInt32(source.Text[(at + 1)..behind], 8)).ToString(), behind);
        }
        var width = c switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (c == 'N') return ReadNamed(source, at, end, written);
        if (width == 0) return Append(written, $"\\{c}", at + 2);
        if (at + 2 + width > end
            || !uint.TryParse(source.Text.AsSpan(at + 2, width), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point))
            throw source.Wrong(at, $"truncated \\{c}{new string('X', width)} escape");
        if (point > 0x10FFFF) throw source.Wrong(at, "illegal Unicode character");
        return Append(written, point is >= 0xD800 and <= 0xDFFF ? ((char)point).ToString() : char.ConvertFromUtf32((int)point), at + 2 + width);
    }

    /// <summary>Characters by name: the letters and digits of ASCII. Unicode's whole list is a megabyte, for an escape that no template uses.</summary>
    private static int ReadNamed(SourceText source, int at, int end, StringBuilder written)
    {
        var close = source.Text.IndexOf('}', at);
        if (source[at + 2] != '{' || close < 0 || close >= end) throw source.Wrong(at, "malformed \\N character escape");
        var name = source.Text[(at + 3)..close].ToUpperInvariant();
        var (kind, last) = name.LastIndexOf(' ') is var gap and > 0 ? (name[..gap], name[(gap + 1)..]) : (name, "");
        var character = kind switch
        {
            "DIGIT" when Array.IndexOf(Digits, last) is var digit and >= 0 => (char)('0' + digit),
            "LATIN CAPITAL LETTER" when last is [var letter] && char.IsAsciiLetter(letter) => letter,
            "LATIN SMALL LETTER" when last is [var letter] && char.IsAsciiLetter(letter) => char.ToLowerInvariant(letter),
            _ => throw source.Wrong(at, $"unknown Unicode character name {name}"),
        };
        return Append(written, character.ToString(), close + 1);
    }

    private static int Append(StringBuilder to, string text, int next)
    {
        to.Append(text);
        return next;
    }
}
