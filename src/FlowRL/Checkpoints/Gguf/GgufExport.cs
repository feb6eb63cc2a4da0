using FlowRL.Checkpoints.Gguf.Blocks;
using FlowRL.Checkpoints.Gguf.Families;
using FlowRL.Checkpoints.Gguf.Vocabulary;
using FlowRL.Models;
using FlowRL.Models.Adapters;
using FlowRL.Models.Families;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints.Gguf;

/// <summary>
/// Writes models and adapters as llama.cpp, Ollama and LM Studio read them. Weights pass one at a time, so that a model needs no more memory than its
/// largest matrix.
/// </summary>
internal static class GgufExport
{
    /// <summary>What a type is called on the command line, and its number in <c>general.file_type</c>.</summary>
    public static IReadOnlyDictionary<string, (BlockFormat Format, uint FileType)> Types { get; } = new OrderedDictionary<string, (BlockFormat, uint)>
    {
        ["f32"] = (BlockFormats.F32, 0),
        ["f16"] = (BlockFormats.F16, 1),
        ["bf16"] = (BlockFormats.BF16, 32),
        ["q8_0"] = (BlockFormats.Q8_0, 7),
        ["q5_1"] = (BlockFormats.Q5_1, 9),
        ["q5_0"] = (BlockFormats.Q5_0, 8),
        ["q4_1"] = (BlockFormats.Q4_1, 3),
        ["q4_0"] = (BlockFormats.Q4_0, 2),
    };

    // Of the block formats; readers ask for it where anything is quantised.
    private const uint QuantisationVersion = 2;
    private const float LargestHalf = 65504;

    /// <summary>Writes a whole model; adapters that the source has are left out.</summary>
    /// <exception cref="BadInputException">GGUF has no words for the model, or a weight is missing or cannot be stored so.</exception>
    public static GgufExported Model(ModelSource source, string file, string type, ModelFamilies families, IProgress<(long, long)>? progress = null)
    {
        var warnings = new List<string>();
        var (format, fileType) = Types[type];
        var family = Family(source);
        var vocabulary = TokenizerVocabulary.Of(source.Tokenizer, source.Config.VocabularySize, warnings.Add);
        var writing = Describe(source, family, vocabulary, families);
        var pairs = new OrderedDictionary<string, object>(StringComparer.Ordinal)
        {
            [GgufConfig.ArchitectureKey] = family.Architecture,
            [GgufConfig.TypeKey] = "model",
            ["general.name"] = NameOf(source.Path),
            ["general.file_type"] = fileType,
            ["general.quantization_version"] = QuantisationVersion,
        };
        foreach (var (key, value) in writing.Pairs) pairs.Add(key, value);
        vocabulary.Write(pairs);
        var tensors = writing.Tables.Select(Table).Concat(Weights(source, family, format, warnings)).ToList();
        GgufWriter.Write(file, pairs, tensors, progress);
        return new GgufExported(file, tensors.Count, new FileInfo(file).Length, warnings);
    }

    /// <summary>Writes the adapters alone, for the same base in GGUF.</summary>
    /// <exception cref="BadInputException">As for <see cref="Model"/>.</exception>
    public static GgufExported Adapter(ModelSource source, string file, string type, IProgress<(long, long)>? progress = null)
    {
        var adapter = source.Adapter ?? throw new ArgumentException("The source has no adapters.", nameof(source));
        var warnings = new List<string>();
        var (format, fileType) = Types[type];
        var family = Family(source);
        var names = new GgufNames(family, source.Config);
        var tensors = new List<GgufOutput>();
        var plan = new AdapterPlan(source.Config, adapter.Options);
        foreach (var planned in plan.Adapters)
        {
            var places = GgufAdapter.Places(names, planned) ?? throw new BadInputException($"{source.Path} cannot be written as GGUF: " +
                $"llama.cpp's '{family.Architecture}' has no tensor for adapters of '{planned.Matrix.Matrix.Name}'; merge them first with 'flowrl merge'.");
            foreach (var (place, (name, shape)) in places.Zip(LoraAdapters.Pair(planned)))
                tensors.Add(Output(source.Path, adapter.Weights, Fitting(format, shape, place.Tensor, warnings), place.Whole, [(place, name, shape)]));
        }
        var pairs = new OrderedDictionary<string, object>(StringComparer.Ordinal)
        {
            [GgufConfig.ArchitectureKey] = family.Architecture,
            [GgufConfig.TypeKey] = "adapter",
            ["general.file_type"] = fileType,
            ["general.quantization_version"] = QuantisationVersion,
            [GgufAdapter.KindKey] = "lora",
            [GgufAdapter.AlphaKey] = Alpha(plan),
        };
        GgufWriter.Write(file, pairs, tensors, progress);
        return new GgufExported(file, tensors.Count, new FileInfo(file).Length, warnings);
    }

    /// <summary>What each product is multiplied by, times its rank, by which programs divide: a file has one for all.</summary>
    private static float Alpha(AdapterPlan plan) =>
        plan.Adapters.Select(adapter => (float)(adapter.Scale * adapter.Rank)).Distinct().ToList() is [var alpha] ? alpha : throw new BadInputException(
            "The adapters are multiplied by different numbers (alpha_pattern, or rank_pattern with use_rslora), and a GGUF file has one for all; " +
            "merge them into their model first with 'flowrl merge'.");

    private static GgufFamily Family(ModelSource source) => GgufFamilies.OfModelType(source.Config.ModelType) ?? throw new BadInputException(
        $"{source.Path} is of the family '{source.Config.ModelType}', which cannot be written as GGUF here; those that can are {GgufFamilies.ModelTypes}.");

    /// <summary>Keys and tables, once it is known that they say what the description says.</summary>
    private static GgufWriting Describe(ModelSource source, GgufFamily family, GgufVocabulary vocabulary, ModelFamilies families)
    {
        var writing = new GgufWriting(family.Architecture);
        foreach (var rule in family.Rules) rule.Write(source.Config, writing);
        var shapes = Places(source, family).DistinctBy(pair => pair.Place.Tensor)
            .ToDictionary(pair => pair.Place.Tensor, pair => pair.Place.Whole, StringComparer.Ordinal);
        var back = GgufConfig.Read(new GgufMetadata(source.Path, writing.Pairs), family, vocabulary.Special, families,
            name => writing.Tables.TryGetValue(name, out var table) ? [table.Length] : shapes.GetValueOrDefault(name), name => writing.Tables[name]);
        var lost = GgufLoss.Of(source.Config, back).ToList();
        return lost.Count == 0 ? writing : throw new BadInputException(
            $"{source.Path} cannot be written as GGUF: llama.cpp's '{family.Architecture}' has no words for {string.Join(", ", lost)}.");
    }

    private static IEnumerable<GgufOutput> Weights(ModelSource source, GgufFamily family, BlockFormat format, List<string> warnings)
    {
        foreach (var tensor in Places(source, family).GroupBy(pair => pair.Place.Tensor))
        {
            var (_, first) = tensor.First();
            var chosen = first.IsExact ? BlockFormats.F32 : Fitting(Wider(format, first.Tensor), first.Whole, first.Tensor, warnings);
            yield return Output(source.Path, source.Weights, chosen, first.Whole,
                [.. tensor.Select(pair => (pair.Place, pair.Weight.Name, pair.Weight.Shape))]);
        }
    }

    /// <summary>Every weight with every place that its numbers have.</summary>
    private static IEnumerable<(WeightShape Weight, GgufPlace Place)> Places(ModelSource source, GgufFamily family)
    {
        var names = new GgufNames(family, source.Config);
        foreach (var weight in new WeightLayout(source.Config).All)
        {
            var places = names.Of(weight);
            if (places.Count == 0) throw new BadInputException(
                $"{source.Path} cannot be written as GGUF: llama.cpp's '{family.Architecture}' has no tensor for '{weight.Name}'.");
            foreach (var place in places) yield return (weight, place);
        }
    }

    /// <summary>Embedding and head get a byte a number where matrices get less: an error there is in every token.</summary>
    private static BlockFormat Wider(BlockFormat format, string tensor) =>
        tensor is PlainRules.Embedding or PlainRules.Head && format.IsQuantised ? BlockFormats.Q8_0 : format;

    private static BlockFormat Fitting(BlockFormat format, long[] shape, string tensor, List<string> warnings)
    {
        if (format.Fits(shape[^1])) return format;
        warnings.Add($"'{tensor}' is written as F16: its rows of {shape[^1]} are no whole blocks of {format.Name}.");
        return BlockFormats.F16;
    }

    private static GgufOutput Output(string path, IWeightSource weights, BlockFormat format, long[] shape,
        IReadOnlyList<(GgufPlace Place, string Name, long[] Shape)> parts) => new(parts[0].Place.Tensor, format, shape, () =>
    {
        var value = GgufTransfer.Store(shape, [.. parts.Select(part => (part.Place, (Func<Tensor>)(() => Read(path, weights, part.Name, part.Shape))))]);
        return format == BlockFormats.F16 && value.abs().max().item<float>() > LargestHalf
            ? throw new BadInputException($"{path}: '{parts[0].Name}' holds numbers above {LargestHalf}, more than F16 can; write bf16 or f32.") : value;
    });

    private static Tensor Read(string path, IWeightSource weights, string name, long[] shape)
    {
        var stored = weights.Read(name);
        if (!stored.shape.SequenceEqual(shape))
        {
            throw new BadInputException($"{path}: '{name}' has shape [{string.Join(", ", stored.shape)}], but the configuration asks for " +
                $"[{string.Join(", ", shape)}]; check that both belong to the same model.");
        }
        FiniteWeights.Require(path, name, stored);
        return stored;
    }

    private static GgufOutput Table(KeyValuePair<string, float[]> table) => new(table.Key, BlockFormats.F32, [table.Value.Length], () => tensor(table.Value));

    /// <summary>What people call it: the run's or folder's name.</summary>
    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path.Replace(':', '/')));
}

/// <summary>What was written.</summary>
/// <param name="File">The file.</param>
/// <param name="Tensors">How many tensors it holds.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Warnings">What whoever reads it should know, each a sentence.</param>
internal sealed record GgufExported(string File, int Tensors, long Bytes, IReadOnlyList<string> Warnings);
