using FlowRL.Checkpoints.Gguf.Families;
using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints.Gguf;

/// <summary>The weights of a GGUF file under Hugging Face's names and in its order, as float32. Owns the file.</summary>
internal sealed class GgufWeights : IWeightSource
{
    private readonly GgufFile _file;
    private readonly Dictionary<string, GgufPlace> _places;

    private GgufWeights(GgufFile file, Dictionary<string, GgufPlace> places, IReadOnlyCollection<string> names) =>
        (_file, _places, Names) = (file, places, names);

    /// <summary>Weights that the model has, and by their own names those tensors of the file that it does not have.</summary>
    public IReadOnlyCollection<string> Names { get; }

    /// <summary>Checks that every weight is there in the right shape and a readable format, before memory is asked for.</summary>
    /// <exception cref="BadInputException">One is not; the message names the tensor.</exception>
    public static GgufWeights Open(GgufFile file, GgufFamily family, DecoderConfig config)
    {
        var names = new GgufNames(family, config);
        var places = new Dictionary<string, GgufPlace>(StringComparer.Ordinal);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var weight in new WeightLayout(config).All)
        {
            var place = names.Of(weight.Name) ?? throw new BadInputException(
                $"{file.Path}: the architecture '{family.Architecture}' has no tensor for '{weight.Name}'. Take the model's Hugging Face folder.");
            var tensor = file.Find(place.Tensor) ?? throw new BadInputException(
                $"{file.Path} holds no tensor '{place.Tensor}', which its metadata asks for. Copy or download it again, or take another file of this model.");
            if (!tensor.Shape.SequenceEqual(weight.Shape))
            {
                throw new BadInputException($"{file.Path}: '{place.Tensor}' has shape [{string.Join(", ", tensor.Shape)}], where the metadata asks for " +
                    $"[{string.Join(", ", weight.Shape)}]. Copy or download it again, or take another file of this model.");
            }
            file.RequireReadable(tensor);
            places.Add(weight.Name, place);
            known.Add(place.Tensor);
        }
        var others = file.Header.Tensors.Select(tensor => tensor.Name).Where(name => !known.Contains(name) && !GgufNames.IsTable(name));
        return new GgufWeights(file, places, [.. places.Keys, .. others]);
    }

    public Tensor Read(string name) => _places.TryGetValue(name, out var place) ? GgufRows.FromFile(_file.Read(place.Tensor), place) : _file.Read(name);

    public void Dispose() => _file.Dispose();
}
