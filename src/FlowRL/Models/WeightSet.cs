using System.Collections;
using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>
/// Named weights in a fixed order, each a leaf that requires gradient. Names are those of the checkpoint file, so that saving is
/// writing them and loading is copying into them. Owns its tensors.
/// </summary>
public sealed class WeightSet : IEnumerable<KeyValuePair<string, Tensor>>, IDisposable
{
    private readonly OrderedDictionary<string, Tensor> _weights = new(StringComparer.Ordinal);

    public int Count => _weights.Count;

    public Tensor this[string name] => _weights[name];

    /// <summary>The weight of that name, or null.</summary>
    public Tensor? Find(string name) => _weights.GetValueOrDefault(name);

    /// <summary>How many numbers the set holds.</summary>
    public long Parameters => _weights.Values.Sum(weight => weight.numel());

    /// <summary>Adds an uninitialised weight that lives until the set is disposed.</summary>
    public Tensor Add(string name, Device device, ScalarType type, params long[] shape)
    {
        var weight = empty(shape, type, device).DetachFromDisposeScope();
        _weights.Add(name, weight);
        return weight;
    }

    /// <summary>Whether backward passes give gradients to these weights; off for a reference model.</summary>
    public void RequireGradient(bool required)
    {
        foreach (var weight in _weights.Values) weight.requires_grad = required;
    }

    /// <summary>Copies every weight from <paramref name="source"/>, converting types; both must hold the same names and shapes.</summary>
    public void CopyFrom(IWeightSource source, string sourceName, Func<string, bool>? mayIgnore = null)
    {
        var missing = _weights.Keys.Where(name => !source.Names.Contains(name)).ToList();
        var unknown = source.Names.Where(name => !_weights.ContainsKey(name) && mayIgnore?.Invoke(name) != true).ToList();
        if (missing.Count + unknown.Count > 0)
        {
            throw new BadInputException($"{sourceName} does not hold the weights that its configuration asks for: " +
                $"{Describe("missing", missing)}{Describe("not expected", unknown)}" +
                "check that config.json and the weight files belong to the same model.");
        }
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, weight) in _weights)
        {
            using var value = source.Read(name);
            if (!value.shape.SequenceEqual(weight.shape))
            {
                throw new BadInputException($"{sourceName}: '{name}' has shape [{string.Join(", ", value.shape)}], but the " +
                    $"configuration asks for [{string.Join(", ", weight.shape)}]; check that both belong to the same model.");
            }
            weight.copy_(value);
        }
    }

    /// <summary>Copies every weight from another set with the same names and shapes.</summary>
    public void CopyFrom(WeightSet other)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, weight) in _weights) weight.copy_(other[name]);
    }

    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() => _weights.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        foreach (var weight in _weights.Values) weight.Dispose();
        _weights.Clear();
    }

    private static string Describe(string what, List<string> names) => names.Count == 0
        ? ""
        : $"{names.Count} {what} ({string.Join(", ", names.Take(4))}{(names.Count > 4 ? ", ..." : "")}); ";
}
