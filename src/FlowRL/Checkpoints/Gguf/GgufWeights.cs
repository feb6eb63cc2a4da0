using FlowRL.Checkpoints.Gguf.Families;
using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints.Gguf;

/// <summary>The weights of a GGUF file under Hugging Face's names and in its order, as float32. Owns the file.</summary>
internal sealed class GgufWeights : IWeightSource
{
    private readonly GgufFile _file;
    private readonly Dictionary<string, (long[] Shape, IReadOnlyList<GgufPlace> Places)> _weights;

    private GgufWeights(GgufFile file, Dictionary<string, (long[], IReadOnlyList<GgufPlace>)> weights, IReadOnlyCollection<string> names) =>
        (_file, _weights, Names) = (file, weights, names);

    /// <summary>Weights that the model has, and by their own names those tensors of the file that it does not have.</summary>
    public IReadOnlyCollection<string> Names { get; }

    /// <summary>Checks that every weight is there in the right shape and a readable format, before memory is asked for.</summary>
    /// <exception cref="BadInputException">One is not; the message names the tensor.</exception>
    public static GgufWeights Open(GgufFile file, GgufFamily family, DecoderConfig config)
    {
        var names = new GgufNames(family, config);
        var weights = new Dictionary<string, (long[], IReadOnlyList<GgufPlace>)>(StringComparer.Ordinal);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var weight in new WeightLayout(config).All)
        {
            var places = names.Of(weight);
            if (places.Count == 0) throw new BadInputException(
                $"{file.Path}: the architecture '{family.Architecture}' has no tensor for '{weight.Name}'. Take the model's Hugging Face folder.");
            foreach (var place in places.Where(place => known.Add(place.Tensor))) Require(file, place);
            weights.Add(weight.Name, (weight.Shape, places));
        }
        var others = file.Header.Tensors.Select(tensor => tensor.Name).Where(name => !known.Contains(name) && !ScalingRule.IsTable(name));
        return new GgufWeights(file, weights, [.. weights.Keys, .. others]);
    }

    public Tensor Read(string name) => _weights.TryGetValue(name, out var weight)
        ? GgufTransfer.Load(weight.Shape, weight.Places, place => _file.Read(place.Tensor, place.Index)) : _file.Read(name);

    public void Dispose() => _file.Dispose();

    private static void Require(GgufFile file, GgufPlace place)
    {
        var tensor = file.Find(place.Tensor) ?? throw new BadInputException(
            $"{file.Path} holds no tensor '{place.Tensor}', which its metadata asks for. Copy or download it again, or take another file of this model.");
        if (!tensor.Shape.SequenceEqual(place.Whole))
        {
            throw new BadInputException($"{file.Path}: '{place.Tensor}' has shape [{string.Join(", ", tensor.Shape)}], where the metadata asks for " +
                $"[{string.Join(", ", place.Whole)}]. Copy or download it again, or take another file of this model.");
        }
        file.RequireReadable(tensor);
    }
}
