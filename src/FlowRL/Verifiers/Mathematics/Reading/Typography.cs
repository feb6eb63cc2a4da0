using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>
/// An answer in one typography: full-width and Chinese signs, raised and lowered digits, fraction signs and styled letters as LaTeX writes them,
/// without marks that are not seen, HTML's names of signs, and what is wrapped around the whole answer (dollars, boxes, bold type, quotes, a full
/// stop, "Answer:").
/// </summary>
internal static partial class Typography
{
    private const int MostWrappers = 24;
    private const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱ";
    private const string RaisedPlain = "0123456789+-()ni";
    private const string Lowered = "₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₙ";
    private const string LoweredPlain = "0123456789+-()n";

    private static readonly FrozenDictionary<char, string> Characters = new Dictionary<char, string>
    {
        ['½'] = @"\frac{1}{2}",
        ['⅓'] = @"\frac{1}{3}",
        ['⅔'] = @"\frac{2}{3}",
        ['¼'] = @"\frac{1}{4}",
        ['¾'] = @"\frac{3}{4}",
        ['⅕'] = @"\frac{1}{5}",
        ['⅖'] = @"\frac{2}{5}",
        ['⅗'] = @"\frac{3}{5}",
        ['⅘'] = @"\frac{4}{5}",
        ['⅙'] = @"\frac{1}{6}",
        ['⅚'] = @"\frac{5}{6}",
        ['⅛'] = @"\frac{1}{8}",
        ['⅜'] = @"\frac{3}{8}",
        ['⅝'] = @"\frac{5}{8}",
        ['⅞'] = @"\frac{7}{8}",
        ['。'] = ".",
        ['、'] = ",",
        ['【'] = "[",
        ['】'] = "]",
        ['〔'] = "(",
        ['〕'] = ")",
        ['“'] = "\"",
        ['”'] = "\"",
        ['‘'] = "'",
        ['’'] = "'",
        ['℃'] = "°C",
        ['℉'] = "°F",
        ['…'] = "...",
        ['⋯'] = "...",
        ['µ'] = "μ",
        ['￥'] = "¥",
    }.ToFrozenDictionary();

    private static readonly SearchValues<char> Invisible =
        SearchValues.Create("\u200B\u200C\u200D\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2060\u2061\u2062\u2063\u2064\uFEFF\u00AD\u2066\u2067\u2068\u2069");

    private static readonly string[] WrappingCommands =
        ["boxed", "fbox", "framebox", "mathbf", "boldsymbol", "bm", "textbf", "underline", "displaystyle", "textstyle", "bf", "bold", "ensuremath", "mathrm"];

    /// <summary>The answer in plain characters, without what is wrapped around it.</summary>
    public static string Plain(string text)
    {
        var plain = Ascii.IsValid(text) ? text : InPlainCharacters(text);
        if (plain.Contains('&', StringComparison.Ordinal)) plain = Entities(plain);
        plain = plain.Replace("p.m.", "pm", StringComparison.OrdinalIgnoreCase).Replace("a.m.", "am", StringComparison.OrdinalIgnoreCase);
        return WithDollars(Reversed(Unwrapped(plain)));
    }

    /// <summary>A dollar that begins no formula, in $5, as LaTeX writes it.</summary>
    private static string WithDollars(string text) => text.AsSpan().Count('$') == 1 && Money().IsMatch(text)
        ? text.Replace("$", "\\$", StringComparison.Ordinal) : text;

    private static string InPlainCharacters(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (Invisible.Contains(character)) continue;
            if (Characters.TryGetValue(character, out var known)) plain.Append(known);
            else if (character is >= '\uFF01' and <= '\uFF5E') plain.Append((char)(character - 0xFEE0)); // full width
            else if (Raised.Contains(character, StringComparison.Ordinal)) i = Run(text, i, Raised, RaisedPlain, '^', plain);
            else if (Lowered.Contains(character, StringComparison.Ordinal)) i = Run(text, i, Lowered, LoweredPlain, '_', plain);
            else if (char.IsHighSurrogate(character) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                plain.Append(Unstyled(char.ConvertToUtf32(character, text[++i])));
            else plain.Append(character);
        }
        return plain.ToString();
    }

    /// <summary>x²³ as x^{23}; gives the index of the run's last character.</summary>
    private static int Run(string text, int start, string styled, string plain, char sign, StringBuilder into)
    {
        var end = start;
        while (end + 1 < text.Length && styled.Contains(text[end + 1], StringComparison.Ordinal)) end++;
        into.Append(sign).Append('{');
        for (var i = start; i <= end; i++) into.Append(plain[styled.IndexOf(text[i], StringComparison.Ordinal)]);
        into.Append('}');
        return end;
    }

    /// <summary>A bold, italic or other letter or digit of the mathematical alphabets, plain.</summary>
    private static string Unstyled(int scalar) => scalar switch
    {
        >= 0x1D400 and <= 0x1D6A3 => ((scalar - 0x1D400) % 52) is var letter && letter < 26 ? $"{(char)('A' + letter)}" : $"{(char)('a' + letter - 26)}",
        >= 0x1D7CE and <= 0x1D7FF => $"{(char)('0' + (scalar - 0x1D7CE) % 10)}",
        _ => char.ConvertFromUtf32(scalar),
    };

    private static string Entities(string text) => new StringBuilder(text).Replace("&lt;", "<").Replace("&gt;", ">").Replace("&le;", "≤").Replace("&ge;", "≥")
        .Replace("&ne;", "≠").Replace("&nbsp;", " ").Replace("&minus;", "-").Replace("&times;", "×").Replace("&deg;", "°").Replace("&pi;", "π")
        .Replace("&infin;", "∞").Replace("&amp;", "&").ToString();

    private static string Unwrapped(string text)
    {
        for (var i = 0; i < MostWrappers; i++)
        {
            var inner = WithoutLabel(WithoutStop(Inner(text.Trim())));
            if (inner.Length == text.Length) return inner;
            text = inner;
        }
        return text;
    }

    private static string Inner(string text)
    {
        foreach (var (open, close) in (ReadOnlySpan<(string, string)>)
            [("$", "$"), (@"\(", @"\)"), (@"\[", @"\]"), ("**", "**"), ("\"", "\""), ("`", "`"), ("'", "'"), ("''", "''")])
        {
            if (text.Length > open.Length + close.Length && text.StartsWith(open, StringComparison.Ordinal) && text.EndsWith(close, StringComparison.Ordinal)
                && (open is "$" || !text.AsSpan(open.Length, text.Length - open.Length - close.Length).Contains(open, StringComparison.Ordinal)))
                return text[open.Length..^close.Length];
        }
        if (text.StartsWith('{') && ClosingBrace(text, 0) == text.Length - 1 && !IsBracedAnswer(text)) return text[1..^1];
        if (!text.StartsWith('\\')) return text;
        if (text.StartsWith("\\color{", StringComparison.Ordinal) || text.StartsWith("\\textcolor{", StringComparison.Ordinal))
            return ClosingBrace(text, text.IndexOf('{', StringComparison.Ordinal)) is > 0 and var end ? text[(end + 1)..] : text;
        foreach (var command in WrappingCommands)
        {
            var start = command.Length + 1;
            if (string.CompareOrdinal(text, 1, command, 0, command.Length) != 0 || start == text.Length || char.IsAsciiLetter(text[start])) continue;
            while (start < text.Length && text[start] == ' ') start++;
            if (command is "displaystyle" or "textstyle" or "bf") return text[start..];
            if (start == text.Length || text[start] != '{' || ClosingBrace(text, start) != text.Length - 1) return text;
            // \textbf{(C) } and \mathrm{cm} are words; digits and signs inside are mathematics.
            return command is "textbf" or "mathrm" && !text.AsSpan(start).ContainsAnyInRange('0', '9') ? text : text[(start + 1)..^1];
        }
        return text;
    }

    /// <summary>Braces that mean something: those of a set, listed or with a condition, and of {n \choose k}.</summary>
    private static bool IsBracedAnswer(string text) => text.AsSpan().ContainsAny(",|:") || text.Contains("\\mid", StringComparison.Ordinal)
        || text.Contains("\\choose", StringComparison.Ordinal) || text.Contains("\\over", StringComparison.Ordinal);

    private static string WithoutStop(string text)
    {
        var end = text.Length;
        while (end > 1 && (text[end - 1] is '.' or ',' or ';' or ':' || char.IsWhiteSpace(text[end - 1])) && !(text[end - 1] == ' ' && text[end - 2] == '\\'))
        {
            if (text[end - 1] is ',' or ';' or ':' && text[end - 2] == '\\') end--; // \, is a space
            if (text.AsSpan(0, end).EndsWith("...", StringComparison.Ordinal) || text.AsSpan(0, end).EndsWith("\\right.", StringComparison.Ordinal)) break;
            end--;
        }
        return text[..end];
    }

    private static string WithoutLabel(string text) => text.Length > 0 && Label().Match(text) is { Success: true, Length: var length } && length < text.Length
        ? text[length..] : text;

    private static int ClosingBrace(string text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '{') depth++;
            else if (text[i] == '}' && --depth == 0) return i;
        }
        return -1;
    }

    /// <summary>]1, 2[ and [1, 2[, as French texts write open ends.</summary>
    private static string Reversed(string text)
    {
        var (first, last) = (text.AsSpan().IndexOfAny('[', ']'), text.AsSpan().LastIndexOfAny('[', ']'));
        if (first < 0 || (text[first] == '[' && text[last] == ']')) return text;
        return FrenchInterval().Replace(text, match => string.Create(CultureInfo.InvariantCulture,
            $"{(match.ValueSpan[0] == '[' ? '[' : '(')}{match.Groups[1].ValueSpan},{match.Groups[2].ValueSpan}{(match.ValueSpan[^1] == ']' ? ']' : ')')}"));
    }

    [GeneratedRegex(@"^(?i)\s*((the )?((final|correct|right) )?(answer|ans|solution)( is)?\s*[:=]\s*|the (final |correct )?answer is\s|答案(是|为)?\s*:?\s*|"
        + @"\\therefore\b\s*|∴\s*|[:=]\s)", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Label();

    [GeneratedRegex(@"^-?\$ ?[0-9]", RegexOptions.NonBacktracking)]
    private static partial Regex Money();

    [GeneratedRegex(@"[\[\]]([^\[\](),;]+)[,;]([^\[\](),;]+)[\[\]]", RegexOptions.NonBacktracking)]
    private static partial Regex FrenchInterval();
}
