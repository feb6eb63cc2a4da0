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
            var (a, b) = GgufAdapter.Places(names, planned.Matrix.Matrix.Name) ?? throw NoTensor(source, family, planned.Matrix.Matrix.Name);
            foreach (var (place, (name, shape)) in new[] { a, b }.Zip(LoraAdapters.Pair(planned)))
            {
                tensors.Add(new GgufOutput(place.Tensor, Fitting(format, shape, place.Tensor, warnings), shape,
                    () => Read(source.Path, adapter.Weights, name, shape, place, format)));
            }
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
        var names = new GgufNames(family, source.Config);
        var shapes = new WeightLayout(source.Config).All.Select(weight => (names.Of(weight.Name) ?? throw NoTensor(source, family, weight.Name), weight.Shape))
            .ToDictionary(pair => pair.Item1.Tensor, pair => pair.Shape, StringComparer.Ordinal);
        var back = GgufConfig.Read(new GgufMetadata(source.Path, writing.Pairs), family, vocabulary.Special, families,
            name => writing.Tables.TryGetValue(name, out var table) ? [table.Length] : shapes.GetValueOrDefault(name), name => writing.Tables[name]);
        var lost = GgufLoss.Of(source.Config, back).ToList();
        return lost.Count == 0 ? writing : throw new BadInputException(
            $"{source.Path} cannot be written as GGUF: llama.cpp's '{family.Architecture}' has no words for {string.Join(", ", lost)}.");
    }

    private static IEnumerable<GgufOutput> Weights(ModelSource source, GgufFamily family, BlockFormat format, List<string> warnings)
    {
        var names = new GgufNames(family, source.Config);
        foreach (var weight in new WeightLayout(source.Config).All)
        {
            var place = names.Of(weight.Name)!;
            var chosen = weight.Shape.Length == 1 ? BlockFormats.F32 : Fitting(Wider(format, place.Tensor), weight.Shape, place.Tensor, warnings);
            yield return new GgufOutput(place.Tensor, chosen, weight.Shape, () => Read(source.Path, source.Weights, weight.Name, weight.Shape, place, chosen));
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

    private static Tensor Read(string path, IWeightSource weights, string name, long[] shape, GgufPlace place, BlockFormat format)
    {
        using var stored = weights.Read(name);
        if (!stored.shape.SequenceEqual(shape))
        {
            throw new BadInputException($"{path}: '{name}' has shape [{string.Join(", ", stored.shape)}], but the configuration asks for " +
                $"[{string.Join(", ", shape)}]; check that both belong to the same model.");
        }
        FiniteWeights.Require(path, name, stored);
        var value = GgufRows.ToFile(stored, place);
        if (format == BlockFormats.F16 && value.abs().max().item<float>() > LargestHalf)
            throw new BadInputException($"{path}: '{name}' holds numbers above {LargestHalf}, more than F16 can; write bf16 or f32.");
        return value;
    }

    private static GgufOutput Table(KeyValuePair<string, float[]> table) => new(table.Key, BlockFormats.F32, [table.Value.Length], () => tensor(table.Value));

    /// <summary>What people call it: the run's or folder's name.</summary>
    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path.Replace(':', '/')));

    private static BadInputException NoTensor(ModelSource source, GgufFamily family, string weight) =>
        new($"{source.Path} cannot be written as GGUF: llama.cpp's '{family.Architecture}' has no tensor for '{weight}'.");
}

/// <summary>What was written.</summary>
/// <param name="File">The file.</param>
/// <param name="Tensors">How many tensors it holds.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Warnings">What whoever reads it should know, each a sentence.</param>
internal sealed record GgufExported(string File, int Tensors, long Bytes, IReadOnlyList<string> Warnings);
