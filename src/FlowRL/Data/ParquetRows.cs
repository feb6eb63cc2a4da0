using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using Parquet;
using Parquet.Serialization;

namespace FlowRL.Data;

/// <summary>Rows of a Parquet file, one row group in memory at a time; lists and structs become JSON arrays and objects.</summary>
internal static class ParquetRows
{
    public static IEnumerable<DataRow> Read(string path, Action<string, string> damaged)
    {
        using var stream = File.OpenRead(path);
        var groups = Call(path, async () =>
        {
            await using var reader = await ParquetReader.CreateAsync(stream, leaveStreamOpen: true).ConfigureAwait(false);
            return reader.Metadata!.RowGroups.Select(group => (Rows: group.NumRows, Bytes: group.TotalByteSize)).ToList();
        });
        var number = 0L;
        for (var group = 0; group < groups.Count; group++)
        {
            Require(path, groups[group].Rows, groups[group].Bytes, stream.Length);
            var index = group;
            var rows = Call(path, async () => (await ParquetSerializer.DeserializeUntypedAsync(stream, null, index).ConfigureAwait(false)).Data);
            foreach (var row in rows)
            {
                number++;
                if (Node(row) is JsonObject fields) yield return new DataRow(path, number, fields);
                else damaged($"{path}:{number}", "not an object");
            }
        }
    }

    /// <summary>
    /// Refuses what would fill the memory, from what the file says of itself: a problem takes a byte at least, and data are not packed so well.
    /// </summary>
    private static void Require(string path, long rows, long bytes, long packed)
    {
        if (rows > packed)
            throw new BadInputException($"{path}: says that it holds {rows} rows in {packed} bytes, which no file of problems does; copy it again.");
        if (bytes > UnpackedStream.Most(packed)) throw UnpackedStream.TooMuch(path);
    }

    /// <summary>A damaged file can make the reader fail in any way; each becomes one sentence.</summary>
    private static T Call<T>(string path, Func<Task<T>> read)
    {
        try
        {
            return Task.Run(read).GetAwaiter().GetResult();
        }
        catch (Exception failure)
        {
            throw new BadInputException($"{path}: not a whole Parquet file ({failure.Message.Split('\n')[0].TrimEnd('.')}); copy the file again.", failure);
        }
    }

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        byte[] bytes => JsonValue.Create(Convert.ToBase64String(bytes)),
        float or double => Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && double.IsFinite(number) ? JsonValue.Create(number) : null,
        sbyte or byte or short or ushort or int or uint or long => JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        decimal number => JsonValue.Create(number),
        IDictionary fields => Fields(fields),
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(Node)]),
        IFormattable other => JsonValue.Create(other.ToString(null, CultureInfo.InvariantCulture)),
        _ => JsonValue.Create(value.ToString()),
    };

    private static JsonObject Fields(IDictionary fields)
    {
        var row = new JsonObject();
        foreach (DictionaryEntry entry in fields) row[Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!] = Node(entry.Value);
        return row;
    }
}
