using FlowRL.Checkpoints.Gguf.Families;
using FlowRL.Models;
using FlowRL.Models.Adapters;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints.Gguf;

/// <summary>
/// LoRA adapters in a GGUF file, which names no base: they are opened for a description. Weights come under PEFT's names and in its order. Owns the
/// file.
/// </summary>
internal sealed class GgufAdapter : IWeightSource
{
    public const string SuffixA = ".lora_a";
    public const string SuffixB = ".lora_b";
    public const string KindKey = "adapter.type";
    public const string AlphaKey = "adapter.lora.alpha";

    private readonly GgufFile _file;
    private readonly Dictionary<string, GgufPlace> _places;

    private GgufAdapter(GgufFile file, LoraOptions options, Dictionary<string, GgufPlace> places) => (_file, Options, _places) = (file, options, places);

    /// <summary>Rank, scale and adapted matrices.</summary>
    public LoraOptions Options { get; }

    public IReadOnlyCollection<string> Names => _places.Keys;

    /// <param name="path">The file.</param>
    /// <param name="config">The description of the model that it adapts.</param>
    /// <exception cref="BadInputException">It is damaged, no adapter, or one for another model; the message names the place.</exception>
    public static GgufAdapter Open(string path, DecoderConfig config)
    {
        var file = GgufFile.Open(path);
        try
        {
            return Open(file, config);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public Tensor Read(string name)
    {
        var place = _places[name];
        return GgufTransfer.Load(place.Shape, [place], _ => _file.Read(place.Tensor));
    }

    public void Dispose() => _file.Dispose();

    /// <summary>
    /// Where the two matrices of an adapter lie, A and B: rows of B stand as those of the matrix that it adapts, A is as everywhere. Null where the matrix is
    /// no tensor by itself.
    /// </summary>
    public static IReadOnlyList<GgufPlace>? Places(GgufNames names, PlannedAdapter adapter)
    {
        if (names.Of(adapter.Matrix.Matrix) is not [{ Index: null } place] || !(place.IsPlain || place.MovesRowsAlone)) return null;
        return [.. LoraAdapters.Pair(adapter).Zip(new[] { SuffixA, SuffixB }, (pair, suffix) => suffix == SuffixA
            ? new GgufPlace(place.Tensor + suffix, pair.Shape) : place with { Tensor = place.Tensor + suffix, Shape = pair.Shape })];
    }

    private static GgufAdapter Open(GgufFile file, DecoderConfig config)
    {
        var metadata = file.Metadata;
        RequireText(metadata, GgufConfig.TypeKey, "adapter");
        RequireText(metadata, KindKey, "lora");
        var family = GgufFamilies.OfModelType(config.ModelType);
        if (family is null || metadata.Text(GgufConfig.ArchitectureKey) != family.Architecture) throw new BadInputException(
            $"{file.Path} adapts a model of the architecture '{metadata.Text(GgufConfig.ArchitectureKey)}', and this one is '{config.ModelType}'. " +
            "Take the adapter of this model.");
        var names = new GgufNames(family, config);
        var options = ReadOptions(file, names, config);
        var places = new Dictionary<string, GgufPlace>(StringComparer.Ordinal);
        foreach (var adapter in new AdapterPlan(config, options).Adapters)
        {
            var planned = Places(names, adapter) ?? throw new BadInputException(
                $"{file.Path} adapts '{adapter.Matrix.Matrix.Name}', which is no tensor by itself in GGUF files. Take PEFT's folder of this adapter.");
            foreach (var (place, (name, shape)) in planned.Zip(LoraAdapters.Pair(adapter)))
            {
                var tensor = file.Find(place.Tensor) ?? throw new BadInputException(
                    $"{file.Path} holds no tensor '{place.Tensor}', which the other layers have. Copy or download it again.");
                if (!tensor.Shape.SequenceEqual(shape))
                {
                    throw new BadInputException($"{file.Path}: '{place.Tensor}' has shape [{string.Join(", ", tensor.Shape)}], where this model asks for " +
                        $"[{string.Join(", ", shape)}]. Take the adapter of this model.");
                }
                file.RequireReadable(tensor);
                places.Add(name, place);
            }
        }
        var known = places.Values.Select(place => place.Tensor).ToHashSet(StringComparer.Ordinal);
        if (file.Header.Tensors.FirstOrDefault(tensor => !known.Contains(tensor.Name)) is { } other)
            throw new BadInputException($"{file.Path} adapts '{other.Name}', which cannot be adapted here. Take the adapter of this model.");
        return new GgufAdapter(file, options, places);
    }

    /// <summary>What the tensors say: the rank is that of the first, the matrices those that any layer has adapters of.</summary>
    private static LoraOptions ReadOptions(GgufFile file, GgufNames names, DecoderConfig config)
    {
        var found = new SortedDictionary<Projection, long>();
        foreach (var (matrix, roles) in new WeightLayout(config).Layers.SelectMany(layer => layer.Modules))
        {
            if (names.Of(matrix.Matrix) is not [{ Index: null } place] || file.Find(place.Tensor + SuffixA) is not { } first) continue;
            foreach (var role in roles) found.TryAdd(role, first.Shape[0]);
        }
        var alpha = file.Metadata.Number(AlphaKey) ?? throw new BadInputException($"{file.Path}: '{AlphaKey}' is missing. Copy or download the file again.");
        if (found.Count == 0) throw new BadInputException($"{file.Path} adapts no matrix of this model. Take the adapter of this model.");
        var options = new LoraOptions
        {
            Alpha = alpha,
            Rank = (int)Math.Min(found.Values.First(), int.MaxValue),
            TargetModules = [.. found.Keys],
        };
        return alpha is > 0 and <= 1e6 ? options
            : throw new BadInputException(
                $"{file.Path}: '{AlphaKey}' is {file.Metadata.Shown(AlphaKey)} and must be above 0 and at most 1000000. Copy or download the file again.");
    }

    private static void RequireText(GgufMetadata metadata, string key, string expected)
    {
        if (metadata.Text(key) != expected) throw new BadInputException(
            $"{metadata.Path} holds no LoRA adapters: '{key}' is {(metadata.Has(key) ? metadata.Shown(key) : "missing")} and must be '{expected}'. " +
            "Give a file with adapters.");
    }
}
