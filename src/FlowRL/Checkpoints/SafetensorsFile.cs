using FlowRL.Files;
using FlowRL.Models;
using Microsoft.Win32.SafeHandles;
using TorchSharp;

namespace FlowRL.Checkpoints;

/// <summary>
/// A safetensors file (https://github.com/huggingface/safetensors), opened for reading. The header is checked whole when the file is
/// opened; the tensors stay on disk until they are read, one copy each. Reading is safe from several threads.
/// </summary>
public sealed class SafetensorsFile : IWeightSource
{
    private readonly SafeFileHandle _file;
    private readonly long _dataStart;
    private readonly Dictionary<string, SafetensorsEntry> _entries;

    private SafetensorsFile(string path, SafeFileHandle file, SafetensorsHeader header)
    {
        Path = path;
        Metadata = header.Metadata;
        Entries = header.Entries;
        _file = file;
        _dataStart = header.DataStart;
        _entries = header.Entries.ToDictionary(e => e.Name, StringComparer.Ordinal);
    }

    public string Path { get; }

    /// <summary>The file's <c>__metadata__</c>, in its order.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What the file holds, in the header's order.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <exception cref="BadInputException">The file is missing, cut off, damaged or hostile; the message names the place.</exception>
    public static SafetensorsFile Open(string path)
    {
        var file = InputFile.Open(path, "weights");
        try
        {
            return new SafetensorsFile(path, file, SafetensorsHeader.Read(file, path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public torch.Tensor Read(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw new BadInputException($"{Path} holds no tensor '{name}'. Use weights that fit the model's config.json.");
        MachineMemory.Require($"{Path}: '{name}'", [new("the tensor", entry.End - entry.Begin)], "take a smaller model");
        try
        {
            return TensorBytes.Read(_file, _dataStart + entry.Begin, [.. entry.Shape], entry.Type);
        }
        catch (EndOfStreamException e)
        {
            throw new BadInputException($"{Path} was cut off while '{name}' was read. Copy or download it again.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
