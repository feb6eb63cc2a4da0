using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using FlowRL.Files;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.GZip;

namespace FlowRL.Data;

/// <summary>Reads rows from JSON lines, JSON, CSV and Parquet; the text formats also gzipped.</summary>
public static class DataReader
{
    /// <summary>Bytes of the longest line, and of the largest JSON file, that is read.</summary>
    public const int LongestLine = 1 << 24;

    private const string Embedded = "embedded:";
    private const long LargestJson = 1L << 30;

    /// <summary>The rows of one file, in order.</summary>
    /// <param name="path">Its name decides the format: .jsonl, .ndjson, .json, .csv, .tsv, .parquet, the first five also with .gz.</param>
    /// <param name="damaged">Told of each row that is not read: place and reason.</param>
    /// <exception cref="BadInputException">The file is missing, of another format, or damaged as a whole.</exception>
    public static IEnumerable<DataRow> Read(string path, Action<string, string> damaged)
    {
        if (path.StartsWith(Embedded, StringComparison.Ordinal)) return EmbeddedRows(path, damaged);
        path = ShippedFile.Find(path) ?? throw new BadInputException(
            $"{path}: there is no such data file; give a path from {Directory.GetCurrentDirectory()} or a full one.");
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Guarded(path, Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".jsonl" or ".ndjson" => Lines(path, damaged),
            ".json" => Json(path, damaged),
            ".csv" => CsvRows.Read(path, Open(path), ",", damaged),
            ".tsv" => CsvRows.Read(path, Open(path), "\t", damaged),
            ".parquet" when name == path => ParquetRows.Read(path, damaged),
            var other => throw new BadInputException($"{path}: '{other}' files are not read; give .jsonl, .json, .csv, .tsv (these also .gz) or .parquet."),
        });
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
            catch (Exception failure) when (failure is SharpZipBaseException or InvalidDataException or IOException or UnauthorizedAccessException)
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
        using var stream = Open(path);
        foreach (var row in ReadLines(stream, path, damaged)) yield return row;
    }

    /// <summary>embedded:NAME is a data set inside the library.</summary>
    private static IEnumerable<DataRow> EmbeddedRows(string path, Action<string, string> damaged)
    {
        using var stream = typeof(DataReader).Assembly.GetManifestResourceStream($"FlowRL.Embedded.data/{path[Embedded.Length..]}.jsonl")
            ?? throw new BadInputException($"{path}: there is no such data set inside the library; there is embedded:gsm8k-sample.");
        foreach (var row in ReadLines(stream, path, damaged)) yield return row;
    }

    private static IEnumerable<DataRow> Json(string path, Action<string, string> damaged)
    {
        JsonNode? root;
        using (var stream = Open(path))
        {
            using var bytes = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int count; (count = stream.Read(buffer)) > 0; bytes.Write(buffer, 0, count))
            {
                if (bytes.Length > LargestJson)
                    throw new BadInputException($"{path}: over {LargestJson} bytes of JSON; give JSON lines, which are read one by one.");
            }
            try
            {
                root = StrictJson.Parse(WithoutMark(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
            }
            catch (JsonException broken)
            {
                throw new BadInputException($"{path}: not valid JSON ({broken.Message.TrimEnd('.')}); correct the file or copy it again.", broken);
            }
        }
        var rows = root as JsonArray ?? (root as JsonObject)?.Select(pair => pair.Value).OfType<JsonArray>().FirstOrDefault()
            ?? throw new BadInputException($"{path}: neither a JSON array nor an object that holds one; rows are objects in an array.");
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i] is JsonObject fields) yield return new DataRow(path, i + 1, fields);
            else damaged($"{path}:{i + 1}", "not an object");
        }
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
            if (Node(WithoutMark(line.Span)) is JsonObject fields) return fields;
            damaged(place, "not an object");
            return null;
        }
        catch (JsonException)
        {
            damaged(place, "not valid JSON");
            return null;
        }
    }

    private static JsonNode? Node(ReadOnlySpan<byte> line)
    {
        try
        {
            return StrictJson.Parse(line);
        }
        catch (JsonException) when (line.IndexOf("Infinity"u8) >= 0 || line.IndexOf("NaN"u8) >= 0)
        {
            return StrictJson.Parse(NonFiniteNumbers.Write(line));
        }
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes;

    private static bool IsWhiteSpaceOnly(this ReadOnlySpan<byte> bytes) => bytes.Trim(" \t\r"u8).IsEmpty;

    private static Stream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        // The framework's own takes a cut file for a whole one.
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipInputStream(file) : file;
    }
}
