using System.Buffers.Binary;
using System.Numerics;
using FlowRL.Checkpoints.Gguf.Blocks;
using Microsoft.Win32.SafeHandles;

namespace FlowRL.Checkpoints.Gguf;

/// <summary>
/// The checked header of a GGUF file (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md), version 2 or 3, in either order of bytes. Every
/// tensor lies inside the file, is as long as its shape and format say, and overlaps no other, so reading one needs no further check.
/// </summary>
internal sealed record GgufHeader(GgufMetadata Metadata, IReadOnlyList<GgufTensor> Tensors, bool BigEndian)
{
    public const int DefaultAlignment = 32;
    public const string AlignmentKey = "general.alignment";

    /// <summary>ggml's own limit, in bytes of UTF-8.</summary>
    public const int LongestName = 64;

    private const int MostDimensions = 4;
    private const uint Magic = 0x46554747; // "GGUF", little-endian
    private const int LeastPairBytes = 8 + 4 + 1;
    private const int LeastTensorBytes = 8 + 4 + 8 + 4 + 8;

    public static GgufHeader Read(SafeFileHandle file, string path)
    {
        var cursor = new GgufCursor(file, path);
        ReadStart(cursor, path);
        var tensorCount = cursor.Count("tensors", LeastTensorBytes);
        var pairCount = cursor.Count("pairs of metadata", LeastPairBytes);
        var metadata = new GgufMetadata(path, ReadPairs(cursor, pairCount));
        var tensors = ReadTensors(cursor, tensorCount);
        var alignment = Alignment(metadata);
        var start = cursor.Position + (alignment - cursor.Position % alignment) % alignment;
        return new GgufHeader(metadata, Place(cursor, tensors, start, alignment), cursor.BigEndian);
    }

    private static void ReadStart(GgufCursor cursor, string path)
    {
        if (cursor.Length < 4 || cursor.UInt32("the file's mark") != Magic)
            throw new BadInputException($"{path} is no GGUF file: it does not begin with 'GGUF'{Pointer(cursor)}.");
        var version = cursor.UInt32("the version");
        // The numbers of versions are small: one with bits above the lowest 16 is read from the wrong end.
        if (version > 0xFFFF)
        {
            cursor.BigEndian = true;
            version = BinaryPrimitives.ReverseEndianness(version);
        }
        if (version is not (2 or 3)) throw new BadInputException(
            $"{path} is a GGUF file of version {version}, and versions 2 and 3 can be read. Convert it with a current llama.cpp.");
    }

    /// <summary>Git LFS leaves a small text in place of a file that was not fetched.</summary>
    private static string Pointer(GgufCursor cursor) => cursor.Length < 1024
        ? $" and is {cursor.Length} bytes long; where it stands for a file of Git LFS, fetch that with 'git lfs pull'"
        : "; copy or download it again";

    private static OrderedDictionary<string, object> ReadPairs(GgufCursor cursor, int count)
    {
        var pairs = new OrderedDictionary<string, object>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var at = cursor.Position;
            var key = cursor.Text($"key {i + 1} of {count}");
            if (pairs.ContainsKey(key)) throw cursor.Wrong($"names '{key}' twice in its metadata", at);
            pairs.Add(key, GgufValues.Read(cursor, key));
        }
        return pairs;
    }

    private static int Alignment(GgufMetadata metadata)
    {
        if (metadata.Whole(AlignmentKey) is not { } alignment) return DefaultAlignment;
        return alignment is > 0 and <= 1 << 30 && BitOperations.IsPow2(alignment) ? (int)alignment : throw metadata.Wrong(AlignmentKey, "a power of two");
    }

    private static List<GgufTensor> ReadTensors(GgufCursor cursor, int count)
    {
        var tensors = new List<GgufTensor>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var at = cursor.Position;
            var name = cursor.Text($"the name of tensor {i + 1} of {count}");
            if (name.Length > LongestName) throw cursor.Wrong($"has a name of {name.Length} characters, where {LongestName} bytes are the most", at);
            if (!names.Add(name)) throw cursor.Wrong($"names the tensor '{name}' twice", at);
            var shape = ReadShape(cursor, name);
            var format = ReadFormat(cursor, name, shape);
            tensors.Add(new GgufTensor(name, format, shape, (long)Math.Min(cursor.UInt64($"the offset of '{name}'"), long.MaxValue)));
        }
        return tensors;
    }

    /// <summary>Files have the fastest dimension first; here it is last, as everywhere else.</summary>
    private static long[] ReadShape(GgufCursor cursor, string name)
    {
        var at = cursor.Position;
        var dimensions = cursor.UInt32($"the dimensions of '{name}'");
        if (dimensions is 0 or > MostDimensions) throw cursor.Wrong($"gives '{name}' {dimensions} dimensions, where 1 to {MostDimensions} are possible", at);
        var shape = new long[dimensions];
        Int128 count = 1;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            var size = cursor.UInt64($"the shape of '{name}'");
            count *= size;
            // 8 bytes are the most that a number takes.
            if (size == 0 || count > long.MaxValue / 8) throw cursor.Wrong($"gives '{name}' a shape that no file can hold", at);
            shape[i] = (long)size;
        }
        return shape;
    }

    private static BlockFormat ReadFormat(GgufCursor cursor, string name, long[] shape)
    {
        var at = cursor.Position;
        var id = cursor.UInt32($"the type of '{name}'");
        var format = BlockFormats.Find(id)
            ?? throw cursor.Wrong($"stores '{name}' as type {id}, which is not known here; the types that can be read are {BlockFormats.Readable}", at);
        return format.Fits(shape[^1]) ? format
            : throw cursor.Wrong($"stores '{name}' as {format.Name}, whose blocks of {format.Length} do not fill rows of {shape[^1]}", at);
    }

    /// <summary>Offsets become places in the file, once it is known that each tensor has a place of its own.</summary>
    private static List<GgufTensor> Place(GgufCursor cursor, List<GgufTensor> tensors, long start, int alignment)
    {
        BadInputException Bad(GgufTensor tensor, string problem) => new(
            $"{cursor.Path} {problem}: '{tensor.Name}' has {tensor.Bytes} bytes from byte {(Int128)start + tensor.Start} on. Copy or download it again.");
        GgufTensor? before = null;
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Start))
        {
            if (tensor.Start % alignment != 0) throw Bad(tensor, $"has a tensor that does not begin at a multiple of {alignment}");
            if ((Int128)start + tensor.Start + tensor.Bytes > cursor.Length) throw Bad(tensor, $"ends at byte {cursor.Length}, inside a tensor");
            if (before is not null && before.Start + before.Bytes > tensor.Start) throw Bad(tensor, $"has two tensors in one place, with '{before.Name}'");
            before = tensor;
        }
        return [.. tensors.Select(tensor => tensor with { Start = start + tensor.Start })];
    }
}

/// <summary>One tensor of a GGUF file.</summary>
/// <param name="Name">As the file has it.</param>
/// <param name="Format">How its numbers are stored.</param>
/// <param name="Shape">The fastest dimension last.</param>
/// <param name="Start">Its first byte in the file.</param>
internal sealed record GgufTensor(string Name, BlockFormat Format, long[] Shape, long Start)
{
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    public long Bytes => Format.RowBytes(Count);

    /// <summary>One of the parts along the first dimension, as a tensor by itself.</summary>
    public GgufTensor Part(int index) => this with { Shape = Shape[1..], Start = Start + index * (Bytes / Shape[0]) };
}
