using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using FlowRL.Files;
using FlowRL.Hub;

namespace FlowRL.Data;

/// <summary>Reads rows from JSON lines, JSON, CSV and Parquet; the text formats also gzipped.</summary>
public static class DataReader
{
    /// <summary>Bytes of the longest line, and of the largest JSON file, that is read.</summary>
    public const int LongestLine = 1 << 24;

    private const string Embedded = "embedded:";

    /// <summary>The rows of one file, in order.</summary>
    /// <param name="path">Its name decides the format: .jsonl, .ndjson, .json, .csv, .tsv, .parquet, the first five also with .gz.</param>
    /// <param name="damaged">Told of each row that is not read: place and reason.</param>
    /// <exception cref="BadInputException">The file is missing, of another format, or damaged as a whole.</exception>
    public static IEnumerable<DataRow> Read(string path, Action<string, string> damaged)
    {
        if (path.StartsWith(Embedded, StringComparison.Ordinal)) return EmbeddedRows(path, damaged);
        if (Directory.Exists(path)) throw new BadInputException($"{path}: is a folder; give the data files in it by name{Some(path)}");
        path = ShippedFile.Find(path) ?? OfHub(path) ?? throw new BadInputException(
            $"{path}: there is no such data file; give a path from {Directory.GetCurrentDirectory()} or a full one.");
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Guarded(path, Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".jsonl" or ".ndjson" => Lines(path, damaged),
            ".json" => JsonRows.Read(path, damaged),
            ".csv" => CsvRows.Read(path, ",", damaged),
            ".tsv" => CsvRows.Read(path, "\t", damaged),
            ".parquet" when name == path => ParquetRows.Read(path, damaged),
            var other => throw new BadInputException($"{path}: '{other}' files are not read; give .jsonl, .json, .csv, .tsv (these also .gz) or .parquet."),
        });
    }

    /// <summary>The file that was fetched of a data set by its name, <c>org/name:folder/file</c>; null for a path of another form.</summary>
    private static string? OfHub(string path)
    {
        if (HubName.Parse(path) is not { } name) return null;
        if (name.File is null)
        {
            throw new BadInputException($"{path}: there is no such data file; of a data set of the hub one file is read, as in '{name}:train.jsonl', and " +
                $"'flowrl pull {name} --dataset' fetches and lists them.");
        }
        var cache = new HubCache(HubSettings.CacheFolder(Environment.GetEnvironmentVariable), new HubRepository(RepositoryKind.Dataset, name.Id));
        return cache.Find(name.Revision) is { } snapshot && HubCache.IsWhole(snapshot, name, RepositoryKind.Dataset) ? Path.Combine(snapshot, name.File)
            : throw new BadInputException($"{path}: there is no such data file, and none was fetched of the hub; 'flowrl pull {name} --dataset' does that.");
    }

    private static string Some(string folder)
    {
        var names = Directory.EnumerateFiles(folder).Select(Path.GetFileName).Where(name => name!.Contains(".json", StringComparison.OrdinalIgnoreCase)
            || name.Contains(".csv", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal).Take(3).ToList();
        return names.Count == 0 ? "." : $", such as {string.Join(", ", names)}.";
    }

    /// <summary>Damage that shows only while reading (a cut gzip stream, a disk error) is said as bad input with the last good place.</summary>
    private static IEnumerable<DataRow> Guarded(string path, IEnumerable<DataRow> rows)
    {
        using var reader = rows.GetEnumerator();
        var last = 0L;
        while (true)
        {
            try
            {
                if (!reader.MoveNext()) yield break;
            }
            catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                throw new BadInputException($"{path}: damaged after row {last} ({failure.Message.TrimEnd('.')}); copy the file again.", failure);
            }
            last = reader.Current.Number;
            yield return reader.Current;
        }
    }

    /// <summary>JSON lines from a stream.</summary>
    /// <param name="stream">Read to its end, and not closed.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="damaged">Told of each line that is not read: place and reason.</param>
    public static IEnumerable<DataRow> ReadLines(Stream stream, string name, Action<string, string> damaged)
    {
        foreach (var (number, line) in ByteLines.Read(stream, LongestLine))
        {
            var place = $"{name}:{number}";
            if (line is null) damaged(place, $"a line of over {LongestLine} bytes");
            else if (!line.Value.Span.IsWhiteSpaceOnly() && Parse(line.Value, place, damaged) is { } fields) yield return new DataRow(name, number, fields);
        }
    }

    private static IEnumerable<DataRow> Lines(string path, Action<string, string> damaged)
    {
        using var stream = DataFile.Open(path);
        foreach (var row in ReadLines(stream, path, damaged)) yield return row;
    }

    /// <summary>embedded:NAME is a data set inside the library.</summary>
    private static IEnumerable<DataRow> EmbeddedRows(string path, Action<string, string> damaged)
    {
        using var stream = typeof(DataReader).Assembly.GetManifestResourceStream($"FlowRL.Embedded.data/{path[Embedded.Length..]}.jsonl")
            ?? throw new BadInputException($"{path}: there is no such data set inside the library; there is embedded:gsm8k-sample.");
        foreach (var row in ReadLines(stream, path, damaged)) yield return row;
    }

    private static JsonObject? Parse(ReadOnlyMemory<byte> line, string place, Action<string, string> damaged)
    {
        if (!Utf8.IsValid(line.Span))
        {
            damaged(place, "not UTF-8");
            return null;
        }
        try
        {
            if (Node(JsonDamage.WithoutMark(line)) is JsonObject fields) return fields;
            damaged(place, "not an object");
            return null;
        }
        catch (JsonException)
        {
            damaged(place, StrictJson.HasNameTwice(JsonDamage.WithoutMark(line)) ? "a key twice" : "not valid JSON");
            return null;
        }
    }

    private static JsonNode? Node(ReadOnlyMemory<byte> line)
    {
        try
        {
            return StrictJson.Parse(line.Span);
        }
        catch (JsonException) when (line.Span.IndexOf("Infinity"u8) >= 0 || line.Span.IndexOf("NaN"u8) >= 0)
        {
            return StrictJson.Parse(NonFiniteNumbers.Write(line.Span));
        }
    }

    private static bool IsWhiteSpaceOnly(this ReadOnlySpan<byte> bytes) => bytes.Trim(" \t\r"u8).IsEmpty;
}
