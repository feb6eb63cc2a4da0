using System.Text.Json;
using System.Text.Json.Nodes;
using FlowRL.Files;

namespace FlowRL.Data;

/// <summary>
/// Rows of a JSON file: an array of objects, an object that holds one, or a table by columns, as pandas and others write it: columns of lists,
/// columns or rows by their index, or names and rows apart.
/// </summary>
internal static class JsonRows
{
    private const long Largest = 1L << 30;

    public static IEnumerable<DataRow> Read(string path, Action<string, string> damaged)
    {
        var number = 0L;
        foreach (var row in Rows(path, Parse(path)))
        {
            number++;
            if (row is JsonObject fields) yield return new DataRow(path, number, fields);
            else damaged($"{path}:{number}", "not an object");
        }
    }

    private static JsonNode? Parse(string path)
    {
        using var bytes = new MemoryStream();
        using (var stream = DataFile.Open(path))
        {
            var buffer = new byte[1 << 16];
            for (int count; (count = stream.Read(buffer)) > 0; bytes.Write(buffer, 0, count))
            {
                if (bytes.Length > Largest)
                    throw new BadInputException($"{path}: over {Largest} bytes of JSON; give JSON lines, which are read one by one.");
            }
        }
        // The tree that it becomes is several times as large.
        MachineMemory.Require($"{path}: JSON of this size", [new("the tree", 6 * bytes.Length)], "give JSON lines, which are read one by one");
        var text = JsonDamage.WithoutMark(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
        if (text.Span.Trim(" \t\r\n"u8).IsEmpty) throw new BadInputException($"{path}: is empty; give a file with rows.");
        if (JsonDamage.OfText(text.Span) is { } damage) throw new BadInputException($"{path}: {damage}; write it as UTF-8.");
        try
        {
            return StrictJson.Parse(text.Span);
        }
        catch (JsonException) when (StrictJson.HasNameTwice(text))
        {
            throw new BadInputException($"{path}: an object in it has a key twice; give each key once, or write JSON lines, where such rows can be left out.");
        }
        catch (JsonException broken)
        {
            throw new BadInputException($"{path}: not valid JSON ({broken.Message.TrimEnd('.')}); correct the file or copy it again.", broken);
        }
    }

    private static IEnumerable<JsonNode?> Rows(string path, JsonNode? root)
    {
        if (root is JsonArray array) return array;
        var table = root as JsonObject ?? [];
        if (table["columns"] is JsonArray names && table["data"] is JsonArray data && data.All(row => row is JsonArray)) return Named(path, names, data);
        var columns = table.Where(pair => pair.Value is JsonArray).ToDictionary(pair => pair.Key, pair => (JsonArray)pair.Value!);
        if (columns.Count > 0) return IsTable(table, columns) ? Columns(path, columns) : columns.Values.First();
        if (table.Count > 0 && table.All(pair => pair.Value is JsonObject))
        {
            if (table.All(pair => IsIndex(pair.Key))) return table.Select(pair => pair.Value);
            columns = table.ToDictionary(pair => pair.Key, pair => new JsonArray([.. ((JsonObject)pair.Value!).Select(cell => cell.Value?.DeepClone())]));
            if (table.All(pair => ((JsonObject)pair.Value!).All(cell => IsIndex(cell.Key)))) return Columns(path, columns);
        }
        throw new BadInputException($"{path}: neither a JSON array nor an object that holds one; rows are objects in an array.");
    }

    /// <summary>Columns side by side, rather than one list of rows among other things.</summary>
    private static bool IsTable(JsonObject table, Dictionary<string, JsonArray> columns) =>
        columns.Count == table.Count && columns.Values.Any(column => column.Count > 0 && column.Any(cell => cell is not JsonObject));

    private static IEnumerable<JsonObject> Columns(string path, Dictionary<string, JsonArray> columns)
    {
        var (first, length) = (columns.First().Key, columns.First().Value.Count);
        foreach (var (name, column) in columns)
        {
            if (column.Count != length) throw new BadInputException($"{path}: is a table of columns that differ in length ('{first}' has {length} values, " +
                $"'{name}' {column.Count}); give rows, objects in an array.");
        }
        return Enumerable.Range(0, length).Select(row => new JsonObject(
            columns.Select(column => KeyValuePair.Create(column.Key, column.Value[row]?.DeepClone()))));
    }

    private static IEnumerable<JsonObject?> Named(string path, JsonArray names, JsonArray data)
    {
        var keys = names.Select(FieldText.Of).ToList();
        if (keys.Contains(null) || keys.Distinct().Count() < keys.Count)
            throw new BadInputException($"{path}: 'columns' is no list of different names; give rows, objects in an array.");
        return data.Select(row => (JsonArray)row!).Select(cells => cells.Count != keys.Count ? null
            : new JsonObject(keys.Zip(cells, (key, cell) => KeyValuePair.Create(key!, cell?.DeepClone()))));
    }

    private static bool IsIndex(string key) => key.Length > 0 && key.All(char.IsAsciiDigit);
}
