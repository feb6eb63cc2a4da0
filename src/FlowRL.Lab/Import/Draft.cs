using System.Text;
using FlowRL.Configuration;
using FlowRL.Recipes;

namespace FlowRL.Lab.Import;

/// <summary>A recipe that is being written: keys with their values as YAML has them, each with a comment that says where it is from.</summary>
internal sealed class Draft
{
    private const int WidestKey = 44;

    private static readonly IReadOnlyList<string> Sections = [.. OptionsShape.Of(typeof(TrainRecipe)).Keys.Select(key => key.Name)];

    private readonly OrderedDictionary<string, (string Value, string Comment)> _lines = new(StringComparer.Ordinal);

    public IEnumerable<string> Paths => _lines.Keys;

    public bool Has(string path) => _lines.ContainsKey(path);

    public string? Find(string path) => _lines.TryGetValue(path, out var line) ? line.Value : null;

    /// <param name="path">Dotted.</param>
    /// <param name="value">As YAML has it, on one line.</param>
    /// <param name="comment">Where it is from, on one line.</param>
    public void Set(string path, string value, string comment) => _lines[path] = (value, comment);

    public void Remove(string path) => _lines.Remove(path);

    /// <summary>The recipe's text below <paramref name="head"/>, and the key that each of its lines is about.</summary>
    public (string Text, IReadOnlyDictionary<int, string> PathOfLine) Write(IEnumerable<string> head)
    {
        var text = new StringBuilder();
        var paths = new Dictionary<int, string>();
        var number = 0;
        void Line(string line)
        {
            text.Append(line.TrimEnd()).Append('\n');
            number++;
        }
        foreach (var line in head) Line(line == "" ? "#" : $"# {line}");
        string[] open = [];
        foreach (var (path, line) in _lines.OrderBy(line => Section(line.Key)).ThenBy(line => First(line.Key), StringComparer.Ordinal))
        {
            var parts = path.Split('.');
            var shared = open.Zip(parts[..^1]).TakeWhile(pair => pair.First == pair.Second).Count();
            if (shared == 0 && open.Length > 0) Line("");
            for (var depth = shared; depth < parts.Length - 1; depth++) Line($"{Indent(depth)}{parts[depth]}:");
            open = parts[..^1];
            Line($"{Indent(parts.Length - 1)}{parts[^1]}: {line.Value}".PadRight(WidestKey) + (line.Comment == "" ? "" : $" # {line.Comment}"));
            paths[number] = path;
        }
        return (text.ToString(), paths);
    }

    private static int Section(string path) => Sections.TakeWhile(section => section != path.Split('.')[0]).Count();

    // Keys of one parent stand together, at the place of the first of them.
    private string First(string path)
    {
        var order = _lines.Keys.ToList();
        var parts = path.Split('.');
        return string.Join('.', Enumerable.Range(1, parts.Length).Select(length =>
        {
            var parent = string.Join('.', parts[..length]);
            var first = order.FindIndex(one => one == parent || one.StartsWith($"{parent}.", StringComparison.Ordinal));
            // Values before what has keys below it, so that none looks as if it belonged there.
            return $"{(length == parts.Length ? 0 : 1)}{first:D4}";
        }));
    }

    private static string Indent(int depth) => new(' ', 2 * depth);
}
