using FlowRL.Hub;
using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints;

/// <summary>Adapters on disk as Hugging Face's PEFT has them: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
public static class AdapterFolder
{
    public const string WeightsName = "adapter_model.safetensors";

    private const string PickleName = "adapter_model.bin";

    /// <summary>Whether there are adapters at <paramref name="folder"/>, rather than a whole model.</summary>
    public static bool Holds(string folder) => File.Exists(Path.Combine(folder, AdapterConfigJson.FileName));

    /// <param name="folder">Created where it is missing.</param>
    /// <param name="adapters">What to write.</param>
    /// <param name="baseModel">Where the adapted model lies; null where it lies nowhere.</param>
    public static void Write(string folder, LoraAdapters adapters, string? baseModel)
    {
        Directory.CreateDirectory(folder);
        AdapterConfigJson.Write(folder, new AdapterConfig(adapters.Options, baseModel));
        SafetensorsWriter.Write(Path.Combine(folder, WeightsName), [.. adapters.Weights.Select(pair => (pair.Key, pair.Value))],
            SafetensorsWriter.PyTorchMetadata);
    }

    /// <summary>Opens the weights once they are known to be those that <paramref name="options"/> ask for: before memory is asked for.</summary>
    /// <exception cref="BadInputException">Weights are missing, unknown, or of another shape, or the file is damaged.</exception>
    public static SafetensorsFile OpenWeights(string folder, LoraOptions options, DecoderConfig config)
    {
        var pickle = Path.Combine(folder, PickleName);
        var path = Path.Combine(folder, WeightsName);
        if (!File.Exists(path) && File.Exists(pickle)) WeightFolder.Open(pickle).Dispose(); // refuses
        var file = SafetensorsFile.Open(path);
        try
        {
            Check(file, options, config);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The path of the adapted model: one of the embedded, or a path that is absolute, or relative to <paramref name="folder"/>, or to the
    /// working directory.
    /// </summary>
    /// <exception cref="BadInputException">The file names no model, or it is not there.</exception>
    public static string BasePath(string folder, AdapterConfig config)
    {
        var file = Path.Combine(folder, AdapterConfigJson.FileName);
        if (string.IsNullOrWhiteSpace(config.BaseModel))
        {
            throw new BadInputException($"{file} names no base model; set base_model_name_or_path to the folder of the model that was adapted.");
        }
        if (config.BaseModel.StartsWith(EmbeddedModels.PathPrefix, StringComparison.Ordinal)) return config.BaseModel;
        var beside = Path.Combine(folder, config.BaseModel);
        if (Path.Exists(beside)) return beside;
        if (Path.Exists(config.BaseModel)) return config.BaseModel;
        if (HubBase(config) is { } name)
        {
            return ModelPlace.InCache(name) is not null ? name.ToString() : throw new BadInputException(
                $"{file}: the base model '{config.BaseModel}' is neither a folder nor fetched from the hub; fetch it with 'flowrl pull {name}', or set " +
                "base_model_name_or_path to the folder where it is.");
        }
        throw new BadInputException(
            $"{file}: the base model '{config.BaseModel}' is not there; put it there, or set base_model_name_or_path to the folder where it is.");
    }

    /// <summary>The base as a hub's name, with its revision; null where it has not that form.</summary>
    internal static HubName? HubBase(AdapterConfig config) => config.BaseModel is not { } model || HubName.Parse(model) is not { } name ? null
        : name.Revision is null && config.Revision is { } revision && HubName.IsRevision(revision) ? name.At(revision) : name;

    private static void Check(SafetensorsFile file, LoraOptions options, DecoderConfig config)
    {
        var stored = file.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        foreach (var (name, shape) in LoraAdapters.Shapes(config, options))
        {
            if (!stored.Remove(name, out var entry))
            {
                throw new BadInputException($"{file.Path} holds no tensor '{name}', which {AdapterConfigJson.FileName} asks for; check that both " +
                    "belong to the same adapter.");
            }
            if (!entry.Shape.SequenceEqual(shape))
            {
                throw new BadInputException($"{file.Path}: '{name}' has shape [{string.Join(", ", entry.Shape)}], but " +
                    $"{AdapterConfigJson.FileName} and the base model ask for [{string.Join(", ", shape)}]; check that they belong together.");
            }
            if (entry.Type is not (ScalarType.Float32 or ScalarType.BFloat16 or ScalarType.Float16 or ScalarType.Float64))
            {
                throw new BadInputException($"{file.Path}: '{name}' holds {entry.Type}, and adapters are floating-point numbers; copy or download " +
                    "the file again.");
            }
        }
        if (stored.Count > 0)
        {
            throw new BadInputException($"{file.Path} holds {stored.Count} tensors that {AdapterConfigJson.FileName} does not ask for, such as " +
                $"'{stored.Keys.Order(StringComparer.Ordinal).First()}'; check that both belong to the same adapter.");
        }
    }
}

/// <summary>Adapters on disk, not yet loaded: what they are, and the file that holds them. Owns the file.</summary>
internal sealed record AdapterSource(LoraOptions Options, SafetensorsFile Weights);
