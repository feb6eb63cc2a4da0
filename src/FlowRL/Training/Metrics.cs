namespace FlowRL.Training;

/// <summary>Weighted means of named numbers.</summary>
public sealed class Metrics
{
    private readonly OrderedDictionary<string, (double Sum, double Weight)> _values = [];

    public void Add(string name, double value, double weight = 1)
    {
        var (sum, total) = _values.GetValueOrDefault(name);
        _values[name] = (sum + value * weight, total + weight);
    }

    public void Add(IReadOnlyDictionary<string, double> values, double weight)
    {
        foreach (var (name, value) in values) Add(name, value, weight);
    }

    public IReadOnlyDictionary<string, double> Means() =>
        _values.ToDictionary(pair => pair.Key, pair => pair.Value.Weight > 0 ? pair.Value.Sum / pair.Value.Weight : 0);
}
