namespace FlowRL.Cli;

/// <summary>Options that are short for a <c>--set</c>.</summary>
internal static class OverrideText
{
    /// <summary><c>key='text'</c>, so that nothing in the text is taken for YAML.</summary>
    public static string Text(string key, string value) => $"{key}=\"{string.Concat(value.Select(Escaped))}\"";

    /// <summary><c>key=['text', 'text']</c>: a list.</summary>
    public static string List(string key, params IEnumerable<string> values) => $"{key}=[{string.Join(", ", values.Select(value => Text("", value)[1..]))}]";

    /// <summary><c>key=value</c>: the recipe's own reader says what is wrong with a number.</summary>
    public static string Plain(string key, string value) => $"{key}={value}";

    private static string Escaped(char c) => c is '"' or '\\' ? $"\\{c}" : char.IsControl(c) ? $"\\u{(int)c:X4}" : c.ToString();
}
