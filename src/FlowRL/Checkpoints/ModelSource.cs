using FlowRL.Models;
using FlowRL.Telemetry;
using FlowRL.Tokenization;

namespace FlowRL.Checkpoints;

/// <summary>What a model path stands for: shape, weights and tokenizer, not yet loaded into a <see cref="Decoder"/>.</summary>
/// <param name="Path">Where the weights lie: an embedded model's name, or a full path.</param>
/// <param name="Config">The shape.</param>
/// <param name="Weights">Those of the base, where there are adapters.</param>
/// <param name="Tokenizer">The tokenizer.</param>
internal sealed record ModelSource(string Path, DecoderConfig Config, IWeightSource Weights, ITokenizer Tokenizer) : IDisposable
{
    /// <summary>Null for a whole model.</summary>
    public AdapterSource? Adapter { get; init; }

    /// <exception cref="BadInputException">Nothing that can be loaded is at <paramref name="path"/>.</exception>
    public static ModelSource Open(string path)
    {
        var place = Locate(path);
        return AdapterFolder.Holds(place) ? OpenAdapter(place) : OpenWhole(path, place);
    }

    public void Dispose()
    {
        Weights.Dispose();
        Adapter?.Weights.Dispose();
    }

    /// <summary>The llama2.c file or the folder that a path stands for.</summary>
    private static string Locate(string path)
    {
        path = EmbeddedModels.Resolve(path);
        if (IsLlama2c(path)) return path;
        if (!Directory.Exists(path))
        {
            throw new BadInputException($"model.path: '{path}' does not exist; give a Hugging Face folder, a llama2.c .bin file, a run " +
                $"folder, or {string.Join(" or ", EmbeddedModels.Names.Select(name => $"'{EmbeddedModels.PathPrefix}{name}'"))}.");
        }
        return RunCheckpoint(path) ?? path;
    }

    private static bool IsLlama2c(string path) => File.Exists(path) && path.EndsWith(".bin", StringComparison.Ordinal);

    /// <summary>The best checkpoint of a run folder, the newest where none was validated.</summary>
    private static string? RunCheckpoint(string path)
    {
        var checkpoints = System.IO.Path.Combine(path, RunFiles.Checkpoints);
        if (!Directory.Exists(checkpoints)) return null;
        return CheckpointStore.BestOrLatest(CheckpointStore.All(checkpoints))?.Folder ??
            throw new BadInputException($"The run '{path}' has no finished checkpoint yet; wait for the first one, or give another model.path.");
    }

    private static ModelSource OpenWhole(string path, string place)
    {
        var name = path.StartsWith(EmbeddedModels.PathPrefix, StringComparison.Ordinal) ? path : System.IO.Path.GetFullPath(place);
        if (IsLlama2c(place)) return OpenLlama2c(name, place);
        var config = DecoderConfigJson.Read(place);
        return new ModelSource(name, config, WeightFolder.Open(place), TokenizerLoader.Load(place));
    }

    private static ModelSource OpenAdapter(string folder)
    {
        var config = AdapterConfigJson.Read(folder);
        var path = AdapterFolder.BasePath(folder, config);
        var place = Locate(path);
        if (AdapterFolder.Holds(place))
        {
            throw new BadInputException($"{folder} adapts '{config.BaseModel}', which holds adapters itself; merge those first with " +
                $"'flowrl merge {config.BaseModel} --out FOLDER', and set base_model_name_or_path to that folder.");
        }
        var whole = OpenWhole(path, place);
        try
        {
            return whole with
            {
                Tokenizer = OwnTokenizer(folder) ?? whole.Tokenizer,
                Adapter = new AdapterSource(config.Options, AdapterFolder.OpenWeights(folder, config.Options, whole.Config)),
            };
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }

    /// <summary>The tokenizer beside the adapters; null where there is none, or none that says how a response ends.</summary>
    private static ITokenizer? OwnTokenizer(string folder)
    {
        var isThere = File.Exists(System.IO.Path.Combine(folder, TokenizerFiles.Tokenizer)) || Directory.EnumerateFiles(folder, "tok*.bin").Any();
        // Where only the model's config.json says it, and that lies with the base, the base's tokenizer knows.
        return isThere && TokenizerLoader.Load(folder) is { EndOfSequenceIds.Count: > 0 } own ? own : null;
    }

    private static ModelSource OpenLlama2c(string name, string path)
    {
        var file = Llama2cFile.Open(path);
        // llama2.c keeps the vocabulary in a second file beside the weights.
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        var vocabulary = Directory.EnumerateFiles(folder, "tok*.bin").Order(StringComparer.Ordinal).FirstOrDefault()
            ?? throw new BadInputException($"'{path}' needs its vocabulary beside it: a file tokenizer.bin or tok*.bin in {folder}.");
        return new ModelSource(name, file.Config, file, TokenizerLoader.Load(vocabulary));
    }
}
