using System.Text.RegularExpressions;
using FlowRL.Checkpoints.Gguf;
using FlowRL.Hub;
using FlowRL.Models;
using FlowRL.Models.Families;
using FlowRL.Tokenization;

namespace FlowRL.Checkpoints;

/// <summary>What a model path stands for: shape, weights and tokenizer, not yet loaded into a <see cref="Decoder"/>.</summary>
/// <param name="Path">Where the weights lie: an embedded model's name, or a full path.</param>
/// <param name="Config">The shape.</param>
/// <param name="Weights">Those of the base, where there are adapters.</param>
/// <param name="TokenizerWhenRead">The tokenizer, read when it is asked for.</param>
internal sealed partial record ModelSource(string Path, DecoderConfig Config, IWeightSource Weights, Lazy<ITokenizer> TokenizerWhenRead) : IDisposable
{
    /// <exception cref="BadInputException">There is none, or it is damaged; never of a source that <see cref="Open"/> gave.</exception>
    public ITokenizer Tokenizer => TokenizerWhenRead.Value;

    /// <summary>Null for a whole model.</summary>
    public AdapterSource? Adapter { get; init; }

    /// <exception cref="BadInputException">Nothing that can be loaded is at <paramref name="path"/>.</exception>
    public static ModelSource Open(string path, ModelFamilies families)
    {
        var source = OpenWithoutTokenizer(path, families);
        try
        {
            _ = source.Tokenizer;
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>The same for what may do without a tokenizer: whether there is one shows when it is asked for.</summary>
    /// <exception cref="BadInputException">Nothing that can be loaded is at <paramref name="path"/>.</exception>
    public static ModelSource OpenWithoutTokenizer(string path, ModelFamilies families)
    {
        var place = Locate(path);
        Checkpoint.RequireWhole(place, weights: true);
        return AdapterFolder.Holds(place) ? OpenAdapter(place, families) : OpenWhole(path, place, families);
    }

    /// <summary>The tokenizer alone, of whatever <see cref="Open"/> takes or of a tokenizer's own file.</summary>
    /// <exception cref="BadInputException">There is none, or it is damaged.</exception>
    public static ITokenizer OpenTokenizer(string path)
    {
        path = ModelPlace.Resolve(path);
        if (GgufFile.Is(path)) return GgufModel.OpenTokenizer(path);
        if (File.Exists(path)) return TokenizerLoader.Load(IsLlama2c(path) && !IsVocabulary(path) ? Vocabulary(path) : path);
        if (!Directory.Exists(path)) return TokenizerLoader.Load(path); // which says so
        var folder = RunCheckpoint(path) ?? path;
        Checkpoint.RequireWhole(folder, weights: false);
        if (!AdapterFolder.Holds(folder)) return TokenizerLoader.Load(folder);
        if (OwnTokenizer(folder) is { } own) return own;
        var config = AdapterConfigJson.Read(folder);
        var below = ModelPlace.Resolve(AdapterFolder.BasePath(folder, config));
        return AdapterFolder.Holds(RunCheckpoint(below) ?? below) ? throw Stacked(folder, config) : OpenTokenizer(below);
    }

    /// <summary>What changes when the files of a model do, as far as their lengths and times tell.</summary>
    /// <exception cref="BadInputException">Nothing that can be loaded is at <paramref name="path"/>.</exception>
    public static string Stamp(string path)
    {
        var place = System.IO.Path.GetFullPath(Locate(path));
        var files = File.Exists(place) ? [new FileInfo(place)] : new DirectoryInfo(place).GetFiles();
        return string.Join('\n', files.OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => $"{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks}").Prepend(place));
    }

    public void Dispose()
    {
        Weights.Dispose();
        Adapter?.Weights.Dispose();
    }

    /// <summary>The file or the folder that a path stands for.</summary>
    internal static string Locate(string path)
    {
        path = ModelPlace.Resolve(path);
        if (IsLlama2c(path) || GgufFile.Is(path)) return path;
        if (!Directory.Exists(path))
        {
            throw new BadInputException($"model.path: '{path}' {Missing(path)} a Hugging Face folder, a .gguf file, a llama2.c .bin file, a run " +
                $"folder, or {string.Join(" or ", EmbeddedModels.Names.Select(name => $"'{EmbeddedModels.PathPrefix}{name}'"))}.{Fetch(path)}");
        }
        var place = RunCheckpoint(path) ?? path;
        if (!AdapterFolder.Holds(place) && !File.Exists(System.IO.Path.Combine(place, DecoderConfigJson.FileName)))
        {
            throw new BadInputException($"model.path: '{path}' holds no model, for it has no {DecoderConfigJson.FileName}; {Inside(path)}");
        }
        return place;
    }

    private static string Missing(string path) => File.Exists(path) ? "is a file, and of these only GGUF's and llama2.c's are models; give"
        : RunPath().Match(path) is { Success: true } run ? $"does not exist; run the recipe that makes it ('{run.Groups[1].Value}'), or give"
        : "does not exist; give";

    private static string Fetch(string path) =>
        !IsRun(path) && HubName.Parse(path) is { } name ? $" A model of the hub is fetched by 'flowrl pull {name}'." : "";

    /// <summary>Whether a path is where recipes put their runs, so that it can be nothing of a hub's.</summary>
    internal static bool IsRun(string path) => RunPath().IsMatch(path);

    /// <summary>What to give in place of a folder without a model.</summary>
    private static string Inside(string path)
    {
        var models = Directory.EnumerateDirectories(path).Where(IsModel).Order(StringComparer.Ordinal).Take(3).ToList();
        return models.Count == 0 ? "give a Hugging Face folder, a run or a checkpoint."
            : $"did you mean {string.Join(" or ", models.Select(model => $"'{model}'"))}?";
    }

    private static bool IsModel(string folder) => Directory.Exists(System.IO.Path.Combine(folder, RunFiles.Checkpoints)) || AdapterFolder.Holds(folder) ||
        File.Exists(System.IO.Path.Combine(folder, DecoderConfigJson.FileName));

    // runs/planning-sft-1, in the folder where recipes put their runs.
    [GeneratedRegex(@"(?:^|/)runs/([^/]+)-[0-9]+/?$")]
    private static partial Regex RunPath();

    private static bool IsLlama2c(string path) => File.Exists(path) && path.EndsWith(".bin", StringComparison.Ordinal);

    /// <summary>The best checkpoint of a run folder, the newest where none was validated.</summary>
    private static string? RunCheckpoint(string path)
    {
        var checkpoints = System.IO.Path.Combine(path, RunFiles.Checkpoints);
        if (!Directory.Exists(checkpoints)) return null;
        return CheckpointStore.BestOrLatest(CheckpointStore.All(checkpoints))?.Folder ??
            throw new BadInputException($"The run '{path}' has no finished checkpoint yet; wait for the first one, or give another model.path.");
    }

    private static ModelSource OpenWhole(string path, string place, ModelFamilies families)
    {
        var name = ModelPlace.Name(path, place);
        if (IsLlama2c(place)) return OpenLlama2c(name, place);
        if (GgufFile.Is(place)) return OpenGguf(name, place, families);
        var config = DecoderConfigJson.Read(place, families);
        return new ModelSource(name, config, TextWeights.Of(WeightFolder.Open(place)), new Lazy<ITokenizer>(() => TokenizerLoader.Load(place)));
    }

    private static ModelSource OpenAdapter(string folder, ModelFamilies families)
    {
        var config = AdapterConfigJson.Read(folder);
        var path = AdapterFolder.BasePath(folder, config);
        var place = Locate(path);
        if (AdapterFolder.Holds(place)) throw Stacked(folder, config);
        Checkpoint.RequireWhole(place, weights: true);
        var whole = OpenWhole(path, place, families);
        try
        {
            return whole with
            {
                TokenizerWhenRead = new Lazy<ITokenizer>(() => OwnTokenizer(folder) ?? whole.Tokenizer),
                Adapter = new AdapterSource(config.Options, AdapterFolder.OpenWeights(folder, config.Options, whole.Config)),
            };
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }

    private static BadInputException Stacked(string folder, AdapterConfig config) => new(
        $"{folder} adapts '{config.BaseModel}', which holds adapters itself; merge those first with " +
        $"'flowrl merge {config.BaseModel} --out FOLDER', and set base_model_name_or_path to that folder.");

    /// <summary>The tokenizer beside the adapters; null where there is none, or none that says how a response ends.</summary>
    private static ITokenizer? OwnTokenizer(string folder)
    {
        var isThere = new[] { TokenizerFiles.Tokenizer, TokenizerFiles.SentencePiece }.Any(name => File.Exists(System.IO.Path.Combine(folder, name)))
            || Directory.EnumerateFiles(folder, "tok*.bin").Any();
        // Where only the model's config.json says it, and that lies with the base, the base's tokenizer knows.
        return isThere && TokenizerLoader.Load(folder) is { EndOfSequenceIds.Count: > 0 } own ? own : null;
    }

    private static ModelSource OpenLlama2c(string name, string path)
    {
        var file = Llama2cFile.Open(path);
        return new ModelSource(name, file.Config, file, new Lazy<ITokenizer>(() => TokenizerLoader.Load(Vocabulary(path))));
    }

    private static ModelSource OpenGguf(string name, string path, ModelFamilies families)
    {
        var (config, weights, tokenizer) = GgufModel.Open(path, families);
        return new ModelSource(name, config, weights, tokenizer);
    }

    private static bool IsVocabulary(string path) => System.IO.Path.GetFileName(path).StartsWith("tok", StringComparison.Ordinal);

    /// <summary>llama2.c keeps the vocabulary in a second file beside the weights.</summary>
    private static string Vocabulary(string path)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        return Directory.EnumerateFiles(folder, "tok*.bin").Order(StringComparer.Ordinal).FirstOrDefault()
            ?? throw new BadInputException($"'{path}' needs its vocabulary beside it: a file tokenizer.bin or tok*.bin in {folder}.");
    }
}
