using System.Runtime.InteropServices;
using FlowRL.Checkpoints.Gguf.Blocks;
using FlowRL.Files;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints.Gguf;

/// <summary>
/// A GGUF file, opened for reading. The header is checked whole when the file is opened; tensors stay on disk until they are read, and come as
/// float32 whatever they are stored as. Reading is safe from several threads.
/// </summary>
internal sealed class GgufFile : IDisposable
{
    /// <summary>What files of this format are called.</summary>
    public const string Extension = ".gguf";

    // Blocks pass through a buffer of this size.
    private const int PieceBytes = 1 << 18;

    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, GgufTensor> _tensors;

    private GgufFile(string path, SafeFileHandle file, GgufHeader header)
    {
        (Path, _file, Header) = (path, file, header);
        _tensors = header.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    public string Path { get; }

    public GgufHeader Header { get; }

    public GgufMetadata Metadata => Header.Metadata;

    /// <summary>Whether there is a GGUF file at a path, by its name or, as in the stores of other tools, by its first bytes.</summary>
    public static bool Is(string path)
    {
        if (!File.Exists(path)) return false;
        if (path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)) return true;
        using var file = InputFile.Open(path, "a model");
        Span<byte> start = stackalloc byte[4];
        return RandomAccess.Read(file, start, 0) == start.Length && start.SequenceEqual("GGUF"u8);
    }

    /// <exception cref="BadInputException">The file is missing, cut off, damaged or hostile; the message names the place.</exception>
    public static GgufFile Open(string path)
    {
        var file = InputFile.Open(path, "a GGUF model");
        try
        {
            return new GgufFile(path, file, GgufHeader.Read(file, path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Null where the file has no such tensor.</summary>
    public GgufTensor? Find(string name) => _tensors.GetValueOrDefault(name);

    /// <summary>The tensor's numbers as float32 on the CPU; the caller owns them.</summary>
    /// <param name="name">Of the tensor.</param>
    /// <param name="index">Which of the parts along its first dimension, of at least two; null for all of it.</param>
    /// <exception cref="BadInputException">It is missing, of a format that cannot be read, cut off, or not finite.</exception>
    public Tensor Read(string name, int? index = null)
    {
        var tensor = Find(name) ?? throw new BadInputException($"{Path} holds no tensor '{name}'. Take another file of this model.");
        RequireReadable(tensor);
        // Rows are whole blocks, and so is whatever consists of rows.
        if (index is { } part) tensor = tensor.Part(part);
        MachineMemory.Require($"{Path}: '{name}'", [new("the tensor", tensor.Count * sizeof(float))], "take a smaller model");
        var values = empty(tensor.Shape, ScalarType.Float32, CPU);
        try
        {
            using var flat = values.view(-1);
            var step = PieceBytes / tensor.Format.Bytes * tensor.Format.Length;
            var buffer = new byte[tensor.Format.RowBytes(Math.Min(step, tensor.Count))];
            for (var done = 0L; done < tensor.Count; done += step)
            {
                var count = (int)Math.Min(step, tensor.Count - done);
                using var piece = flat.narrow(0, done, count);
                ReadPiece(tensor, done, piece.bytes, buffer.AsSpan(0, (int)tensor.Format.RowBytes(count)));
            }
            return values;
        }
        catch
        {
            values.Dispose();
            throw;
        }
    }

    /// <exception cref="BadInputException">It is stored in a format that cannot be read; the message names both.</exception>
    public void RequireReadable(GgufTensor tensor)
    {
        if (tensor.Format.Read is null)
        {
            throw new BadInputException($"{Path} stores '{tensor.Name}' as {tensor.Format.Name}; the types that can be read are " +
                $"{BlockFormats.Readable}. Take a file of one of these.");
        }
    }

    public void Dispose() => _file.Dispose();

    private void ReadPiece(GgufTensor tensor, long done, Span<byte> target, Span<byte> buffer)
    {
        var offset = tensor.Start + tensor.Format.RowBytes(done);
        for (var read = 0; read < buffer.Length;)
        {
            var count = RandomAccess.Read(_file, buffer[read..], offset + read);
            if (count == 0) throw new BadInputException(
                $"{Path} was cut off while '{tensor.Name}' was read, at byte {offset + read}. Copy or download it again.");
            read += count;
        }
        var numbers = MemoryMarshal.Cast<byte, float>(target);
        tensor.Format.ReadAll(buffer, numbers, Header.BigEndian);
        for (var i = 0; i < numbers.Length; i++)
        {
            if (float.IsFinite(numbers[i])) continue;
            throw new BadInputException($"{Path}: '{tensor.Name}' holds {(float.IsNaN(numbers[i]) ? "NaN" : "an infinite number")} in the block at byte " +
                $"{offset + tensor.Format.RowBytes(i - i % tensor.Format.Length)}. Copy or download the file again.");
        }
    }
}
