using FlowRL.Models;
using FlowRL.Telemetry;
using FlowRL.Tokenization;

namespace FlowRL.Checkpoints;

/// <summary>What a model path stands for: shape, weights and tokenizer, not yet loaded into a <see cref="Decoder"/>.</summary>
internal sealed record ModelSource(DecoderConfig Config, IWeightSource Weights, ITokenizer Tokenizer) : IDisposable
{
    /// <exception cref="BadInputException">Nothing that can be loaded is at <paramref name="path"/>.</exception>
    public static ModelSource Open(string path)
    {
        path = EmbeddedModels.Resolve(path);
        if (File.Exists(path) && path.EndsWith(".bin", StringComparison.Ordinal)) return OpenLlama2c(path);
        if (!Directory.Exists(path))
        {
            throw new BadInputException($"model.path: '{path}' does not exist; give a Hugging Face folder, a llama2.c .bin file, a run " +
                $"folder, or {string.Join(" or ", EmbeddedModels.Names.Select(name => $"'{EmbeddedModels.PathPrefix}{name}'"))}.");
        }
        return OpenFolder(RunCheckpoint(path) ?? path);
    }

    public void Dispose() => Weights.Dispose();

    /// <summary>The best checkpoint of a run folder, the newest where none was validated.</summary>
    private static string? RunCheckpoint(string path)
    {
        var checkpoints = Path.Combine(path, RunFiles.Checkpoints);
        if (!Directory.Exists(checkpoints)) return null;
        return CheckpointStore.BestOrLatest(CheckpointStore.All(checkpoints))?.Folder ??
            throw new BadInputException($"The run '{path}' has no finished checkpoint yet; wait for the first one, or give another model.path.");
    }

    private static ModelSource OpenFolder(string folder)
    {
        var config = DecoderConfigJson.Read(Path.Combine(folder, "config.json"));
        return new ModelSource(config, WeightFolder.Open(folder), TokenizerLoader.Load(folder));
    }

    private static ModelSource OpenLlama2c(string path)
    {
        var file = Llama2cFile.Open(path);
        // llama2.c keeps the vocabulary in a second file beside the weights.
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var vocabulary = Directory.EnumerateFiles(folder, "tok*.bin").Order(StringComparer.Ordinal).FirstOrDefault()
            ?? throw new BadInputException($"'{path}' needs its vocabulary beside it: a file tokenizer.bin or tok*.bin in {folder}.");
        return new ModelSource(file.Config, file, TokenizerLoader.Load(vocabulary));
    }
}
