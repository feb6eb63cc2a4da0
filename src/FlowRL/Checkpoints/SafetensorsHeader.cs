using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints;

/// <summary>
/// The checked header of a safetensors file: 8 bytes of length, then JSON. Every entry lies inside the file, is as long as its shape
/// says, and the entries cover the data without holes or overlaps, so reading a tensor needs no further check.
/// </summary>
internal sealed record SafetensorsHeader(
    IReadOnlyList<SafetensorsEntry> Entries, OrderedDictionary<string, string> Metadata, long DataStart)
{
    private const int MaxHeaderBytes = 100_000_000;
    private const int MaxRank = 16;
    private const string MetadataKey = "__metadata__";

    public static SafetensorsHeader Read(SafeFileHandle file, string path)
    {
        var size = RandomAccess.GetLength(file);
        if (size < 8)
            throw Bad(path, $"is {size} bytes long and cannot be a safetensors file");
        var prefix = new byte[8];
        ReadExactly(file, prefix, 0, path);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeaderBytes)
            throw Bad(path, $"says that its header is {length} bytes long; at most {MaxHeaderBytes} are allowed");
        if ((long)length > size - 8)
            throw Bad(path, $"ends inside its header: {length} bytes are announced, {size - 8} are there");
        var json = new byte[length];
        ReadExactly(file, json, 8, path);
        var dataStart = 8 + (long)length;
        try
        {
            var (entries, metadata) = Parse(json, path);
            CheckLayout(entries, size - dataStart, path);
            return new SafetensorsHeader(entries, metadata, dataStart);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new BadInputException($"{path}: the header is not valid JSON: {e.Message.Split('\n')[0].TrimEnd('.')}. {Advice}", e);
        }
    }

    private static void ReadExactly(SafeFileHandle file, byte[] bytes, long offset, string path)
    {
        for (var done = 0; done < bytes.Length;)
        {
            var count = RandomAccess.Read(file, bytes.AsSpan(done), offset + done);
            if (count == 0) throw Bad(path, $"ends at byte {offset + done}");
            done += count;
        }
    }

    private static (List<SafetensorsEntry>, OrderedDictionary<string, string>) Parse(byte[] json, string path)
    {
        var reader = new Utf8JsonReader(json);
        var entries = new List<SafetensorsEntry>();
        var metadata = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        Expect(ref reader, JsonTokenType.StartObject, "the header", path);
        while (NextKey(ref reader, out var name))
        {
            if (!names.Add(name)) throw Bad(path, $"names {Quote(name)} twice in its header");
            if (name == MetadataKey) ParseMetadata(ref reader, metadata, path);
            else entries.Add(ParseEntry(ref reader, name, path));
        }
        // Anything but white space after the closing brace makes this throw.
        reader.Read();
        return (entries, metadata);
    }

    private static void ParseMetadata(ref Utf8JsonReader reader, OrderedDictionary<string, string> metadata, string path)
    {
        Expect(ref reader, JsonTokenType.StartObject, MetadataKey, path);
        while (NextKey(ref reader, out var key))
        {
            Expect(ref reader, JsonTokenType.String, $"{MetadataKey}.{key}", path);
            if (!metadata.TryAdd(key, reader.GetString()!)) throw Bad(path, $"names {Quote(key)} twice in {MetadataKey}");
        }
    }

    private static SafetensorsEntry ParseEntry(ref Utf8JsonReader reader, string name, string path)
    {
        ScalarType? type = null;
        List<long>? shape = null, offsets = null;
        Expect(ref reader, JsonTokenType.StartObject, Quote(name), path);
        while (NextKey(ref reader, out var key))
        {
            switch (key)
            {
                case "dtype" when type is null:
                    Expect(ref reader, JsonTokenType.String, $"dtype of {Quote(name)}", path);
                    var typeName = reader.GetString()!;
                    type = SafetensorsTypes.Find(typeName)
                        ?? throw Bad(
                            path, $"holds {Quote(name)} as {Quote(typeName)}; the types that can be read are {SafetensorsTypes.Names}");
                    break;
                case "shape" when shape is null:
                    shape = ParseNumbers(ref reader, $"shape of {Quote(name)}", MaxRank, path);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ParseNumbers(ref reader, $"data_offsets of {Quote(name)}", 2, path);
                    break;
                default:
                    throw Bad(path, $"has {Quote(key)} twice or out of place in the entry of {Quote(name)}");
            }
        }
        if (type is null || shape is null || offsets is not { Count: 2 })
            throw Bad(path, $"lacks dtype, shape or two data_offsets in the entry of {Quote(name)}");
        return new SafetensorsEntry(name, type.Value, shape, offsets[0], offsets[1]);
    }

    private static List<long> ParseNumbers(ref Utf8JsonReader reader, string what, int most, string path)
    {
        Expect(ref reader, JsonTokenType.StartArray, what, path);
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
                throw Bad(
                    path, $"has something else than a whole number from 0 on in the {what}, " +
                    $"at byte {reader.TokenStartIndex} of its header");
            if (numbers.Count == most) throw Bad(path, $"has more than {most} numbers in the {what}");
            numbers.Add(number);
        }
        return numbers;
    }

    private static void CheckLayout(List<SafetensorsEntry> entries, long dataBytes, string path)
    {
        foreach (var entry in entries)
        {
            // Zeros count as ones here, so that an empty tensor cannot hide a dimension that overflows later.
            Int128 bytes = SafetensorsTypes.Bytes(entry.Type);
            foreach (var dimension in entry.Shape)
            {
                bytes *= Math.Max(dimension, 1);
                if (bytes > long.MaxValue) throw Bad(path, $"gives {Quote(entry.Name)} a shape that no file can hold");
            }
            if (entry.Shape.Contains(0)) bytes = 0;
            if (entry.End - entry.Begin != bytes)
                throw Bad(path, $"gives {Quote(entry.Name)} {entry.End - entry.Begin} bytes where its shape and type need {bytes}");
        }
        long expected = 0;
        foreach (var entry in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.Begin != expected)
                throw Bad(path, $"starts {Quote(entry.Name)} at byte {entry.Begin} of its data where {expected} is next");
            expected = entry.End;
        }
        if (expected != dataBytes)
            throw Bad(path, $"holds {dataBytes} bytes of data where its header needs {expected}");
    }

    private static bool NextKey(ref Utf8JsonReader reader, out string key)
    {
        reader.Read();
        var found = reader.TokenType == JsonTokenType.PropertyName;
        key = found ? reader.GetString()! : "";
        return found;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what, string path)
    {
        reader.Read();
        if (reader.TokenType != type)
            throw Bad(path, $"has a {reader.TokenType} where {what} must be a {type}, at byte {reader.TokenStartIndex} of its header");
    }

    private const string Advice = "The file is damaged or no safetensors file: copy or download it again.";

    private static string Quote(string name) => $"'{(name.Length > 100 ? name[..100] + "…" : name)}'";

    private static BadInputException Bad(string path, string problem) => new($"{path} {problem}. {Advice}");
}

/// <summary>
/// One tensor of a safetensors file: its type, its shape, and its bytes as [<paramref name="Begin"/>, <paramref name="End"/>) counted
/// from the end of the header.
/// </summary>
public sealed record SafetensorsEntry(string Name, ScalarType Type, IReadOnlyList<long> Shape, long Begin, long End);
