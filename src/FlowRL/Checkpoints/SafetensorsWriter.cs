using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using FlowRL.Files;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints;

/// <summary>
/// Writes safetensors files byte for byte as the safetensors library does: metadata first, the widest element types first, names in
/// byte order, the header padded with spaces to 8 bytes. The same tensors give the same bytes, in whatever order they come.
/// </summary>
internal static class SafetensorsWriter
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What Hugging Face's libraries write and ask for.</summary>
    public static IReadOnlyDictionary<string, string> PyTorchMetadata { get; } =
        new OrderedDictionary<string, string> { ["format"] = "pt" };

    /// <summary>Writes the file whole or not at all; the tensors may lie on any device.</summary>
    /// <exception cref="IOException">The disk is full or failing; the message says how many bytes were needed.</exception>
    public static void Write(
        string path, IReadOnlyList<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        Write(path, tensors, metadata, Disk.Real);

    internal static void Write(
        string path, IReadOnlyList<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata, Disk disk)
    {
        var ordered = tensors
            .OrderBy(t => SafetensorsTypes.Order(t.Value.dtype))
            .ThenBy(t => Utf8.GetBytes(t.Name), Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
            .ToArray();
        var header = Header(ordered, metadata);
        AtomicFile.Write(path, header.Length + ordered.Sum(t => SizeInBytes(t.Value)), stream =>
        {
            stream.Write(header);
            foreach (var (_, value) in ordered) TensorBytes.Write(stream, value);
        }, disk);
    }

    internal static long SizeInBytes(Tensor tensor) => tensor.numel() * SafetensorsTypes.Bytes(tensor.dtype);

    private static byte[] Header((string Name, Tensor Value)[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var json = new StringBuilder("{");
        if (metadata is { Count: > 0 })
        {
            json.Append("\"__metadata__\":{");
            foreach (var (key, value) in metadata)
            {
                AppendString(json, key).Append(':');
                AppendString(json, value).Append(',');
            }
            json[^1] = '}';
            json.Append(',');
        }
        var seen = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
        long offset = 0;
        foreach (var (name, value) in tensors)
        {
            if (!seen.Add(name)) throw new ArgumentException($"Two tensors cannot both be named '{name}'.", nameof(tensors));
            var end = offset + SizeInBytes(value);
            var (type, shape) = (SafetensorsTypes.Name(value.dtype), string.Join(',', value.shape));
            AppendString(json, name).Append(
                CultureInfo.InvariantCulture, $$""":{"dtype":"{{type}}","shape":[{{shape}}],"data_offsets":[{{offset}},{{end}}]},""");
            offset = end;
        }
        if (json.Length > 1) json.Length--;
        json.Append('}');
        var text = Utf8.GetBytes(json.ToString());
        var padded = (text.Length + 7) / 8 * 8;
        var header = new byte[8 + padded];
        header.AsSpan(8).Fill((byte)' ');
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)padded);
        text.CopyTo(header, 8);
        return header;
    }

    // The escapes of Rust's serde_json; System.Text.Json has others.
    private static StringBuilder AppendString(StringBuilder json, string value)
    {
        json.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\b' => json.Append("\\b"),
                '\f' => json.Append("\\f"),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => json.Append(c),
            };
        }
        return json.Append('"');
    }
}
