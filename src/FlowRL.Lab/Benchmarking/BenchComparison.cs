using System.Text.Json;
using System.Text.Json.Nodes;
using FlowRL.Files;

namespace FlowRL.Lab.Benchmarking;

/// <summary>How one result file stands to an earlier one.</summary>
/// <param name="Rows">One a number that both have.</param>
/// <param name="Warnings">Why ratios may say less than they seem to.</param>
public sealed record BenchComparison(IReadOnlyList<BenchComparison.Row> Rows, IReadOnlyList<string> Warnings)
{
    private static readonly string[] Numbers =
        ["tokens_per_second", "roofline_fraction", "speedup_over_tensor", "peak_bytes", "padding_share"];

    /// <param name="Shape">Such as S.</param>
    /// <param name="Part">Such as decode.</param>
    /// <param name="Number">Such as tokens_per_second.</param>
    /// <param name="Old">Its value in the old file.</param>
    /// <param name="New">Its value in the new one.</param>
    /// <param name="Ratio">New / old.</param>
    public sealed record Row(string Shape, string Part, string Number, double Old, double New, double Ratio);

    /// <exception cref="BadInputException">A file is missing, damaged or something else, or both have no shape in common.</exception>
    public static BenchComparison Of(string oldFile, string newFile)
    {
        var (before, after) = (Read(oldFile), Read(newFile));
        var rows = new List<Row>();
        foreach (var (shape, parts) in Shapes(before, oldFile))
        {
            if (Shapes(after, newFile)[shape] is not JsonObject others) continue;
            foreach (var (part, value) in (JsonObject)parts!)
            {
                if (value is JsonObject one && others[part] is JsonObject other) rows.AddRange(Compare(shape, part, one, other));
            }
        }
        return rows.Count > 0 ? new BenchComparison(rows, [.. Differences(before["machine"], after["machine"])])
            : throw new BadInputException($"{oldFile} and {newFile} measured no shape in common; there is nothing to compare.");
    }

    private static JsonObject Read(string file)
    {
        if (Directory.Exists(file)) throw new BadInputException($"{file} is a folder; give a file that flowrl bench --out wrote.");
        try
        {
            var lines = File.ReadAllText(file);
            return StrictJson.Parse(lines) as JsonObject ?? throw Damaged(file, "it is no JSON object");
        }
        catch (JsonException error)
        {
            throw Damaged(file, $"it is no JSON (line {error.LineNumber + 1})");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{file} cannot be read: {error.Message}");
        }
    }

    private static JsonObject Shapes(JsonObject file, string name)
    {
        var shapes = file["shapes"] as JsonObject ?? throw Damaged(name, "it has no 'shapes'");
        return shapes.FirstOrDefault(shape => shape.Value is not JsonObject) is { Key: { } wrong }
            ? throw Damaged(name, $"'shapes.{wrong}' is no object") : shapes;
    }

    private static IEnumerable<Row> Compare(string shape, string part, JsonObject before, JsonObject after)
    {
        foreach (var number in Numbers)
        {
            if (Value(before[number]) is { } old && Value(after[number]) is { } now) yield return new Row(shape, part, number, old, now, now / old);
        }
    }

    private static double? Value(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;

    private static IEnumerable<string> Differences(JsonNode? before, JsonNode? after)
    {
        if (before is not JsonObject old || after is not JsonObject now)
        {
            yield return "a file does not say on which machine it was measured.";
            yield break;
        }
        foreach (var (name, value) in old)
        {
            if (now.ContainsKey(name) && !JsonNode.DeepEquals(value, now[name]))
                yield return $"the machines differ: {name} was {value}, is {now[name]}.";
        }
        var (known, found) = (old.Select(pair => pair.Key).ToList(), now.Select(pair => pair.Key).ToList());
        foreach (var name in known.Except(found).Concat(found.Except(known)))
            yield return $"only one file says '{name}' of its machine.";
    }

    private static BadInputException Damaged(string file, string why) =>
        new($"{file}: {why}; give files that 'flowrl bench --out' wrote.");
}
