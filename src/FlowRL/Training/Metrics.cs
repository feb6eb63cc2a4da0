using System.Diagnostics;

namespace FlowRL.Training;

/// <summary>
/// Named numbers gathered over a step: weighted means, but for names that end in <c>_min</c> or <c>_max</c>, which are extremes, and
/// those that begin with <c>seconds_</c>, which are sums.
/// </summary>
internal sealed class Metrics
{
    private const string SecondsPrefix = "seconds_";
    private readonly OrderedDictionary<string, (double Value, double Weight)> _values = [];

    public void Add(string name, double value, double weight = 1)
    {
        if (!_values.TryGetValue(name, out var so))
        {
            _values[name] = (value, weight);
            return;
        }
        var combined = name switch
        {
            _ when name.EndsWith("_min", StringComparison.Ordinal) => Math.Min(so.Value, value),
            _ when name.EndsWith("_max", StringComparison.Ordinal) => Math.Max(so.Value, value),
            _ when name.StartsWith(SecondsPrefix, StringComparison.Ordinal) => so.Value + value,
            _ => so.Weight + weight > 0 ? (so.Value * so.Weight + value * weight) / (so.Weight + weight) : value,
        };
        _values[name] = (combined, so.Weight + weight);
    }

    public void Add(IReadOnlyDictionary<string, double> values, double weight)
    {
        foreach (var (name, value) in values) Add(name, value, weight);
    }

    /// <summary>Runs a phase of the step and adds its wall time to <c>seconds_</c><paramref name="phase"/>.</summary>
    public T Time<T>(string phase, Func<T> work)
    {
        var start = Stopwatch.GetTimestamp();
        var result = work();
        Add(SecondsPrefix + phase, Stopwatch.GetElapsedTime(start).TotalSeconds);
        return result;
    }

    /// <inheritdoc cref="Time{T}"/>
    public void Time(string phase, Action work) => Time(phase, () =>
    {
        work();
        return true;
    });

    public IReadOnlyDictionary<string, double> Values() => _values.ToDictionary(pair => pair.Key, pair => pair.Value.Value);
}
