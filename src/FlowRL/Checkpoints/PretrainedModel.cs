using FlowRL.Files;
using FlowRL.Hub;
using FlowRL.Models;
using FlowRL.Tokenization;

namespace FlowRL.Checkpoints;

/// <summary>Models on disk: Hugging Face folders, llama2.c files, run folders, and the models embedded in the library.</summary>
public static class PretrainedModel
{
    /// <summary>Fetches what a path names and this machine has not: a model of a hub (<c>org/name</c>, <c>org/name@revision</c>), and of adapters their
    /// base. Everything else loads what is there, and never opens a connection.</summary>
    /// <param name="path">As <see cref="ModelOptions.Path"/> takes it; what exists wins over a hub's name.</param>
    /// <param name="say">Told in sentences how it goes.</param>
    /// <param name="cancellation">Ends it; what is fetched is kept, and the next call goes on from there.</param>
    /// <returns>The path, a hub's name with its commit.</returns>
    /// <exception cref="BadInputException">It is a misspelt path, there is no such model, or it may not be read.</exception>
    /// <exception cref="HubException">The hub cannot be reached, or failed.</exception>
    public static Task<string> PullAsync(string path, Action<string> say, CancellationToken cancellation) =>
        ModelPull.IsLocal(path, withBase: true) ? Task.FromResult(path)
            : ModelPull.RunAsync(path, HubSettings.FromEnvironment(), new PullWatch(say, _ => { }), withBase: true, cancellation);

    /// <summary>Loads weights and tokenizer; from a folder with adapters, their base and the adapters.</summary>
    /// <exception cref="BadInputException">Something is missing, damaged, or does not fit together.</exception>
    public static LanguageModel Load(ModelOptions options)
    {
        using var source = ModelSource.Open(options.Path, options.Families);
        return Build(source, options, source.Adapter?.Options, adapters => adapters.Weights.CopyFrom(source.Adapter!.Weights, options.Path));
    }

    /// <summary>The same for what may do without a tokenizer, such as scoring token ids.</summary>
    /// <exception cref="BadInputException">As for <see cref="Load"/>, but for a tokenizer that is missing or damaged.</exception>
    internal static BareModel LoadBare(ModelOptions options)
    {
        using var source = ModelSource.OpenWithoutTokenizer(options.Path, options.Families);
        var (tokenizer, missing) = ((ITokenizer?)null, (BadInputException?)null);
        try
        {
            tokenizer = source.Tokenizer;
        }
        catch (BadInputException e)
        {
            missing = e;
        }
        var decoder = Decode(source, tokenizer, options, source.Adapter?.Options,
            adapters => adapters.Weights.CopyFrom(source.Adapter!.Weights, options.Path));
        return new BareModel(decoder, tokenizer, missing);
    }

    /// <summary>The same, for training: a new model or new adapters where the options ask for them.</summary>
    /// <param name="options">Which model.</param>
    /// <param name="seed">The run's, from which new weights are drawn.</param>
    /// <param name="texts">What a learnt vocabulary is to encode well, such as the texts of the task that it is trained on.</param>
    /// <exception cref="BadInputException">As for <see cref="Load"/>, and where the path holds adapters already.</exception>
    public static LanguageModel LoadForTraining(ModelOptions options, ulong seed, IEnumerable<string> texts)
    {
        if (options.Create is { } shape) return NewModel.Create(shape, options, seed, texts);
        using var source = ModelSource.Open(options.Path, options.Families);
        if (source.Adapter is not null)
        {
            throw new BadInputException($"model.path: '{options.Path}' holds adapters, but training starts from a whole model; make one with " +
                $"'flowrl merge {options.Path} --out FOLDER' and give that folder.");
        }
        return Build(source, options, options.Lora, adapters => adapters.Initialize(Seeds.Derive(seed, "lora")));
    }

    /// <summary>What changes when the weights at a path do: where they lie, and the length and time of each of their files.</summary>
    /// <exception cref="BadInputException">Nothing that can be loaded is there.</exception>
    internal static string Stamp(string path) => ModelSource.Stamp(path);

    /// <summary>The tokenizer alone: of a model as <see cref="Load"/> takes it, or from a file of its own.</summary>
    /// <exception cref="BadInputException">There is none, or it is damaged.</exception>
    public static ITokenizer LoadTokenizer(string path) => ModelSource.OpenTokenizer(path);

    /// <summary>
    /// Writes the model as transformers, vLLM and llama.cpp load it: config.json, model.safetensors and the tokenizer; or, where it has
    /// adapters, those alone as PEFT loads them, and the tokenizer.
    /// </summary>
    public static void Save(string folder, LanguageModel model)
    {
        Directory.CreateDirectory(folder);
        var decoder = model.Decoder;
        if (decoder.Adapters is { } adapters) AdapterFolder.Write(folder, adapters, model.Path);
        else
        {
            DecoderConfigJson.Write(Path.Combine(folder, DecoderConfigJson.FileName), decoder.Config, decoder.Head.dtype, model.Families);
            WeightFolder.Write(folder, [.. decoder.Weights.Select(pair => (pair.Key, pair.Value))]);
        }
        model.Tokenizer.Save(folder);
    }

    /// <summary>Copies what <see cref="Save"/> wrote back into the model that it came from.</summary>
    /// <exception cref="BadInputException">The folder is damaged, or of a model with another shape or other adapters.</exception>
    public static void Restore(string folder, LanguageModel model)
    {
        var adapters = model.Decoder.Adapters;
        // Files say what adapters compute, not how they are trained.
        if (AdapterFolder.Holds(folder) != adapters is not null
            || (adapters is not null && AdapterConfigJson.Read(folder).Options != adapters.Options with { Dropout = 0 }))
        {
            throw new BadInputException($"{folder} was saved with another model.lora; go on with the recipe that the run was started with.");
        }
        if (adapters is null)
        {
            using var weights = WeightFolder.Open(folder);
            model.Decoder.Load(weights, folder);
        }
        else
        {
            using var weights = AdapterFolder.OpenWeights(folder, adapters.Options, model.Decoder.Config);
            adapters.Weights.CopyFrom(weights, folder);
        }
    }

    /// <summary>Writes a model with adapters as a whole model, the adapters merged into the weights.</summary>
    /// <param name="options">Which model, and the type in which its weights are written.</param>
    /// <param name="folder">Empty or not there yet; it holds the whole result or nothing.</param>
    /// <returns>How many weights were written.</returns>
    /// <exception cref="BadInputException">There are no adapters, or the folder holds something.</exception>
    public static long Merge(ModelOptions options, string folder)
    {
        NewFolder.RequireFree(folder);
        using var model = Load(options);
        if (model.Decoder.Adapters is null)
        {
            throw new BadInputException($"'{options.Path}' holds no adapters, so there is nothing to merge; it is a whole model already.");
        }
        model.Decoder.MergeAdapters();
        using var whole = model.Decoder.WithoutAdapters();
        NewFolder.Write(folder, place => Save(place, model with { Decoder = whole }));
        return whole.Weights.Parameters;
    }

    private static LanguageModel Build(ModelSource source, ModelOptions options, LoraOptions? lora, Action<LoraAdapters> fill)
    {
        var tokenizer = source.Tokenizer;
        var decoder = Decode(source, tokenizer, options, lora, fill);
        var size = decoder.Config.VocabularySize;
        return new LanguageModel(decoder, tokenizer.VocabularySize < size ? new PaddedVocabulary(tokenizer, size) : tokenizer)
        { Path = source.Path, Families = options.Families };
    }

    private static Decoder Decode(ModelSource source, ITokenizer? tokenizer, ModelOptions options, LoraOptions? lora, Action<LoraAdapters> fill)
    {
        var config = source.Config;
        if (tokenizer?.VocabularySize > config.VocabularySize)
        {
            throw new BadInputException($"{options.Path}: the tokenizer has {tokenizer.VocabularySize} tokens, but the model's vocabulary is " +
                $"{config.VocabularySize}; use the tokenizer that the model was trained with.");
        }
        if (tokenizer?.VocabularySize < config.VocabularySize) config = config with { TokenizerSize = tokenizer.VocabularySize };
        ModelMemory.Require(options.Path, config, options with { Lora = lora ?? new LoraOptions() });
        var decoder = new Decoder(config, Devices.Resolve(options.Device), Devices.Resolve(options.Weights), lora);
        try
        {
            decoder.Load(source.Weights, options.Path);
            if (decoder.Adapters is { } adapters) fill(adapters);
            return decoder;
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }
}

/// <summary>A model that is read for its weights. Owns the decoder.</summary>
/// <param name="Decoder">The weights.</param>
/// <param name="Tokenizer">The tokenizer, without the ids that only the model has; null where there is none that can be read.</param>
/// <param name="Missing">Why there is none.</param>
internal sealed record BareModel(Decoder Decoder, ITokenizer? Tokenizer, BadInputException? Missing) : IDisposable
{
    public void Dispose() => Decoder.Dispose();
}
