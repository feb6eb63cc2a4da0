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

    /// <summary>The weight of that name; null where there is none.</summary>
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
            FiniteWeights.Require(sourceName, name, value, weight);
        }
    }

    /// <summary>Copies every weight from another set with the same names and shapes.</summary>
    public void CopyFrom(WeightSet other)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, weight) in _weights) weight.copy_(other[name]);
    }

    /// <summary>Whether both hold the same numbers under the same names.</summary>
    public bool HasSameNumbers(WeightSet other)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return Count == other.Count && this.All(pair =>
            other._weights.TryGetValue(pair.Key, out var weight) && weight.dtype == pair.Value.dtype && weight.Equals(pair.Value));
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

/// <summary>Where named weights come from: a safetensors file, a sharded checkpoint, an imported format. Names are Hugging Face's.</summary>
public interface IWeightSource : IDisposable
{
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Reads one tensor in its stored type, on the CPU; the caller owns it.</summary>
    Tensor Read(string name);
}

/// <summary>
/// Gradients that functions add to by themselves in backward. As results of the function, they would be made whole and then added: for an
/// embedding that is the head too, three more tensors of its size.
/// </summary>
internal static class WeightGradient
{
    /// <summary>The gradient that a weight has; if none, zeros that it has from now on. The handle goes with the current dispose scope.</summary>
    public static Tensor Of(Tensor weight)
    {
        if (weight.grad is { } present) return present;
        var fresh = zeros_like(weight);
        weight.grad = fresh;
        return fresh;
    }
}
