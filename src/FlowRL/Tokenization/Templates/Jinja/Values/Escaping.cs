namespace FlowRL.Tokenization.Templates.Jinja.Values;

/// <summary>Characters written as several, which all are of the character's origin.</summary>
internal static class Escaping
{
    /// <summary>HTML's special characters as entities.</summary>
    public static TracedText Html(TracedText text, Budget budget) => Each(text, budget, (c, _) => c switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&#34;",
        '\'' => "&#39;",
        _ => null,
    });

    /// <summary>What stands between the quotes of a JSON text, as Python's json writes it.</summary>
    public static TracedText Json(TracedText text, bool onlyAscii, Budget budget) => Each(text, budget, (c, _) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\f' => "\\f",
        '\b' => "\\b",
        _ => c < ' ' || onlyAscii && c > '~' ? $"\\u{(int)c:x4}" : null,
    });

    /// <summary>What stands between the quotes of a text that Python prints.</summary>
    public static TracedText Python(TracedText text, char quote, Budget budget) => Each(text, budget, (c, at) => c switch
    {
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when c == quote => $"\\{c}",
        _ when char.IsLowSurrogate(c) => at > 0 && !Characters.IsPrintable(char.ConvertToUtf32(text.Plain[at - 1], c)) ? "" : null,
        _ when char.IsHighSurrogate(c) => char.ConvertToUtf32(c, text.Plain[at + 1]) is var point && Characters.IsPrintable(point) ? null : $"\\U{point:x8}",
        _ => Characters.IsPrintable(c) ? null : c <= '\u00ff' ? $"\\x{(int)c:x2}" : $"\\u{(int)c:x4}",
    });

    private static TracedText Each(TracedText text, Budget budget, Func<char, int, string?> escape)
    {
        TracedBuilder? builder = null;
        var done = 0;
        for (var at = 0; at < text.Plain.Length; at++)
        {
            if (escape(text.Plain[at], at) is not { } written) continue;
            builder ??= new TracedBuilder(budget);
            builder.Append(text, done, at).Append(written, text.OriginAt(at));
            done = at + 1;
        }
        budget.Read(text.Plain.Length);
        return builder is null ? text : builder.Append(text, done, text.Plain.Length).ToText();
    }
}
