namespace FlowRL.Configuration;

/// <summary>Collects what is wrong with a recipe, so that everything is reported at once.</summary>
internal sealed class OptionsErrors
{
    private const int Shown = 50;
    private readonly List<string> _lines = [];

    public int Count => _lines.Count;

    /// <param name="place">Where it was written.</param>
    /// <param name="path">The dotted key; empty for the file as a whole.</param>
    /// <param name="problem">What is wrong and what to do, without a full stop at a question.</param>
    public void Add(YamlPlace place, string path, string problem) => _lines.Add($"{place}{(path == "" ? "" : path + ": ")}{problem}");

    /// <exception cref="BadInputException">Something was collected; the message has one line for each error.</exception>
    public void ThrowIfAny()
    {
        if (_lines.Count == 0) return;
        var rest = _lines.Count > Shown ? [$"... and {_lines.Count - Shown} more."] : Array.Empty<string>();
        throw new BadInputException(string.Join('\n', _lines.Take(Shown).Concat(rest)));
    }

    /// <summary>What to do with a text that was read as a list or as keys.</summary>
    public static string QuotesFor(YamlPlace place, string path) => "; a text that begins with a bracket or a brace needs quotation marks: " +
        (place == YamlPlace.Override ? $"--set '{path}=\"...\"'" : $"{path.Split('.')[^1]}: \"...\"");

    /// <summary>A value as an error message quotes it: on one line, bounded.</summary>
    public static string Quote(string value)
    {
        var line = new string([.. value.Take(60).Select(c => char.IsControl(c) ? ' ' : c)]);
        return $"'{line}{(value.Length > 60 ? "..." : "")}'";
    }
}
