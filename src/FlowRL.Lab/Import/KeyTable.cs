using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FlowRL.Configuration;

namespace FlowRL.Lab.Import;

/// <summary>What becomes of a key of another trainer.</summary>
internal enum KeyKind
{
    /// <summary>It goes into one key here.</summary>
    Copied,

    /// <summary>It is read together with others.</summary>
    Joined,

    /// <summary>It would change what is learnt, and nothing here does the same.</summary>
    Missing,

    /// <summary>It says where or how fast something is done, and is not needed here.</summary>
    Needless,
}

/// <summary>A value as a recipe has it, or null where it has no such form.</summary>
internal delegate string? ValueForm(YamlNode value);

/// <summary>One line of a table of keys.</summary>
/// <param name="Source">The key there; a star stands for any further part.</param>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Target">The keys here, as people read them; empty where there are none.</param>
/// <param name="Word">What it means, or why it has no counterpart.</param>
/// <param name="Form">How the value is written here, where it is copied.</param>
/// <param name="Default">
/// Of a key that is copied: what the other trainer takes when it is not given, and the recipe must therefore say. Of one without a counterpart: the
/// value at which it does nothing.
/// </param>
internal sealed record KeyRow(string Source, KeyKind Kind, string Target, string Word, ValueForm? Form = null, string? Default = null)
{
    public static KeyRow Copy(string source, string target, ValueForm form, string word = "", string? otherwise = null) =>
        new(source, KeyKind.Copied, target, word, form, otherwise);

    public static KeyRow Join(string source, string target, string word) => new(source, KeyKind.Joined, target, word);

    /// <param name="source">The key there.</param>
    /// <param name="word">Why it has no counterpart.</param>
    /// <param name="idle">The value at which it does nothing there either.</param>
    public static KeyRow Miss(string source, string word, string? idle = null) => new(source, KeyKind.Missing, "", word, null, idle);

    public static KeyRow Skip(string source, string word) => new(source, KeyKind.Needless, "", word);

    /// <summary>Whether false, nothing and their like mean that what it is about is not there; not where false is a setting like another.</summary>
    public bool CanBeOff { get; init; } = true;

    public bool IsPattern => Source.Contains('*', StringComparison.Ordinal);
}

/// <summary>The keys of another trainer that are known, one row each; the first that fits counts.</summary>
internal sealed class KeyTable
{
    private readonly Dictionary<string, KeyRow> _exact;
    private readonly List<(Regex Pattern, KeyRow Row)> _patterns;

    public KeyTable(params IEnumerable<KeyRow> rows)
    {
        Rows = [.. rows];
        _exact = Rows.Where(row => !row.IsPattern).ToDictionary(row => row.Source, StringComparer.Ordinal);
        _patterns = [.. Rows.Where(row => row.IsPattern).Select(row => (new Regex(
            $"^{Regex.Escape(row.Source).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.NonBacktracking), row))];
    }

    public IReadOnlyList<KeyRow> Rows { get; }

    public KeyRow? Find(string key) => _exact.GetValueOrDefault(key) ?? _patterns.FirstOrDefault(one => one.Pattern.IsMatch(key)).Row;

    /// <summary>For a page: the key there, the keys here, what to know.</summary>
    public string Markdown(string trainer)
    {
        var text = new StringBuilder($"| {trainer} | FlowRL | |\n|---|---|---|\n");
        foreach (var row in Rows.OrderBy(row => row.Kind == KeyKind.Joined ? KeyKind.Copied : row.Kind))
        {
            var target = row.Kind switch
            {
                KeyKind.Missing => "no counterpart",
                KeyKind.Needless => "not needed",
                _ => string.Join(", ", row.Target.Split(", ").Select(key => $"`{key}`")),
            };
            var word = row.Default is null || row.Kind == KeyKind.Missing ? row.Word
                : $"{row.Word}{(row.Word == "" ? "" : "; ")}there {row.Default} when not given";
            text.Append($"| `{row.Source}` | {target} | {word.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }
        return text.ToString();
    }
}

/// <summary>How values are written here.</summary>
internal static class Forms
{
    public static ValueForm Number { get; } = value => value is YamlNode.Scalar { Text: var text }
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? text.Trim() : null;

    public static ValueForm Whole { get; } = value => value is YamlNode.Scalar { Text: var text }
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? text.Trim() : null;

    public static ValueForm Flag { get; } = value => (value as YamlNode.Scalar)?.Text.ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "ON" or "1" => "true",
        "FALSE" or "NO" or "OFF" or "0" => "false",
        _ => null,
    };

    public static ValueForm Text { get; } = value => value is YamlNode.Scalar { Text: var text } ? OptionsWriter.Text(text) : null;

    /// <summary>A seed of the order of problems: 1, or 0 for the files' own order.</summary>
    public static ValueForm Shuffled { get; } = value => Flag(value) switch { "true" => "1", "false" => "0", _ => null };

    /// <summary>A list of texts in brackets, or one text.</summary>
    public static string List(IEnumerable<string> items) => $"[{string.Join(", ", items.Select(OptionsWriter.Text))}]";
}
