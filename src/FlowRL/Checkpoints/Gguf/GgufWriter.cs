using System.Runtime.InteropServices;
using System.Text;
using FlowRL.Checkpoints.Gguf.Blocks;
using FlowRL.Files;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints.Gguf;

/// <summary>Writes GGUF files of version 3, little-endian, as ggml lays them out: tensors in order, each from a multiple of 32 bytes on.</summary>
internal static class GgufWriter
{
    private const uint Version = 3;

    // Numbers pass through a buffer of this many.
    private const int PieceNumbers = 1 << 18;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes the file whole or not at all.</summary>
    /// <param name="path">Replaced where it is there.</param>
    /// <param name="metadata">Values as <see cref="GgufValues"/> reads them.</param>
    /// <param name="tensors">One is made at a time.</param>
    /// <param name="progress">Bytes written so far and in all.</param>
    /// <exception cref="IOException">The disk is full or failing; the message says how many bytes were needed.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, object> metadata, IReadOnlyList<GgufOutput> tensors,
        IProgress<(long Done, long All)>? progress = null) => Write(path, metadata, tensors, progress, Disk.Real);

    internal static void Write(string path, IReadOnlyDictionary<string, object> metadata, IReadOnlyList<GgufOutput> tensors,
        IProgress<(long Done, long All)>? progress, Disk disk)
    {
        var header = Header(metadata, tensors);
        var size = header.Length + tensors.Sum(tensor => Padded(tensor.Bytes));
        AtomicFile.Write(path, size, stream =>
        {
            stream.Write(header);
            var done = (long)header.Length;
            foreach (var tensor in tensors)
            {
                WriteTensor(stream, tensor);
                done += Padded(tensor.Bytes);
                progress?.Report((done, size));
            }
        }, disk);
    }

    private static byte[] Header(IReadOnlyDictionary<string, object> metadata, IReadOnlyList<GgufOutput> tensors)
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((ulong)tensors.Count);
        writer.Write((ulong)metadata.Count);
        foreach (var (key, value) in metadata)
        {
            WriteText(writer, key);
            WriteValue(writer, value);
        }
        var offset = 0L;
        foreach (var tensor in tensors)
        {
            WriteText(writer, tensor.Name);
            writer.Write((uint)tensor.Shape.Length);
            foreach (var size in tensor.Shape.Reverse()) writer.Write((ulong)size);
            writer.Write(tensor.Format.Id);
            writer.Write((ulong)offset);
            offset += Padded(tensor.Bytes);
        }
        writer.Write(new byte[Padded(buffer.Length) - buffer.Length]);
        return buffer.ToArray();
    }

    private static void WriteTensor(Stream stream, GgufOutput output)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (format, count) = (output.Format, output.Count);
        var flat = output.Read().detach().cpu().to(ScalarType.Float32).contiguous().view(-1);
        var buffer = new byte[format.RowBytes(Math.Min(PieceNumbers, count))];
        for (var done = 0L; done < count; done += PieceNumbers)
        {
            var size = (int)Math.Min(PieceNumbers, count - done);
            using var piece = flat.narrow(0, done, size);
            var bytes = buffer.AsSpan(0, (int)format.RowBytes(size));
            format.WriteAll(MemoryMarshal.Cast<byte, float>(piece.bytes), bytes);
            stream.Write(bytes);
        }
        stream.Write(new byte[Padded(output.Bytes) - output.Bytes]);
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Utf8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static void WriteValue(BinaryWriter writer, object value)
    {
        writer.Write((uint)KindOf(value));
        WriteBare(writer, value);
    }

    private static void WriteBare(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case byte number: writer.Write(number); break;
            case sbyte number: writer.Write(number); break;
            case ushort number: writer.Write(number); break;
            case short number: writer.Write(number); break;
            case uint number: writer.Write(number); break;
            case int number: writer.Write(number); break;
            case ulong number: writer.Write(number); break;
            case long number: writer.Write(number); break;
            case float number: writer.Write(number); break;
            case double number: writer.Write(number); break;
            case bool flag: writer.Write(flag); break;
            case string text: WriteText(writer, text); break;
            case GgufArray array:
                writer.Write((uint)array.Kind);
                writer.Write((ulong)array.Items.Length);
                foreach (var item in array.Items) WriteBare(writer, item);
                break;
        }
    }

    private static GgufKind KindOf(object value) => value switch
    {
        byte => GgufKind.UInt8,
        sbyte => GgufKind.Int8,
        ushort => GgufKind.UInt16,
        short => GgufKind.Int16,
        uint => GgufKind.UInt32,
        int => GgufKind.Int32,
        ulong => GgufKind.UInt64,
        long => GgufKind.Int64,
        float => GgufKind.Float32,
        double => GgufKind.Float64,
        bool => GgufKind.Bool,
        string => GgufKind.String,
        GgufArray => GgufKind.Array,
        _ => throw new ArgumentException($"GGUF's metadata have no kind for a {value.GetType().Name}.", nameof(value)),
    };

    private static long Padded(long bytes) => (bytes + GgufHeader.DefaultAlignment - 1) / GgufHeader.DefaultAlignment * GgufHeader.DefaultAlignment;
}

/// <summary>A tensor that is going to be written.</summary>
/// <param name="Name">As the file is to have it.</param>
/// <param name="Format">How its numbers are stored; rows are whole blocks of it.</param>
/// <param name="Shape">The fastest dimension last.</param>
/// <param name="Read">Gives the numbers when their turn comes; disposed with the current scope.</param>
internal sealed record GgufOutput(string Name, BlockFormat Format, long[] Shape, Func<Tensor> Read)
{
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    public long Bytes => Format.RowBytes(Count);
}
