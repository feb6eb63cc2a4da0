using System.Text.Json;
using System.Text.Json.Nodes;
using FlowRL.Files;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints;

/// <summary>
/// State that is not weights: named tensors in <c>training_state.safetensors</c> and counters in <c>training_state.json</c>. What was
/// read owns its tensors; all of them are on the CPU.
/// </summary>
internal sealed class PackedState : IDisposable
{
    public const string TensorsName = "training_state.safetensors";
    public const string DocumentName = "training_state.json";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, NewLine = "\n" };

    private readonly Dictionary<string, Tensor> _tensors;

    private PackedState(string folder, Dictionary<string, Tensor> tensors, JsonObject document) =>
        (Folder, _tensors, Document) = (folder, tensors, document);

    public string Folder { get; }

    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    public JsonObject Document { get; }

    /// <summary>The tensor named <paramref name="name"/>, still owned by this state.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public Tensor this[string name] => _tensors.TryGetValue(name, out var tensor) ? tensor : throw new BadInputException(
        $"{Path.Combine(Folder, TensorsName)} holds no tensor '{name}'. Resume with the recipe that the run was started with.");

    /// <summary>The tensor of that name, if it has a shape.</summary>
    /// <exception cref="BadInputException">There is none, or it has another shape.</exception>
    public Tensor Read(string name, long[] shape) => this[name] is var tensor && tensor.shape.SequenceEqual(shape) ? tensor : throw new BadInputException(
        $"{Path.Combine(Folder, TensorsName)}: '{name}' has shape [{string.Join(", ", tensor.shape)}], and the run has [{string.Join(", ", shape)}] there. " +
        "Resume with the recipe that the run was started with.");

    /// <summary>Writes both files; the tensors stay the caller's.</summary>
    /// <exception cref="IOException">The disk is full or failing.</exception>
    public static void Write(string folder, IReadOnlyList<(string Name, Tensor Value)> tensors, JsonObject document)
    {
        SafetensorsWriter.Write(Path.Combine(folder, TensorsName), tensors);
        byte[] json = [.. JsonSerializer.SerializeToUtf8Bytes(document, Json), (byte)'\n'];
        AtomicFile.Write(Path.Combine(folder, DocumentName), json, Disk.Real);
    }

    /// <exception cref="BadInputException">A file is missing or damaged.</exception>
    public static PackedState Read(string folder)
    {
        var document = InputFile.ReadJson(Path.Combine(folder, DocumentName), "training state", root => JsonObject.Create(root.Clone())!);
        using var file = SafetensorsFile.Open(Path.Combine(folder, TensorsName));
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            foreach (var name in file.Names) tensors.Add(name, file.Read(name));
            return new PackedState(folder, tensors, document);
        }
        catch
        {
            foreach (var tensor in tensors.Values) tensor.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values) tensor.Dispose();
    }
}
