using System.Globalization;

namespace FlowRL.Tasks.ProblemSets;

/// <summary>What was read and what was left out, and why. Not thread-safe.</summary>
internal sealed class DataReport
{
    private const int PlacesShown = 3;
    private readonly OrderedDictionary<string, List<string>> _places = [];
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>Rows that became problems.</summary>
    public int Kept { get; internal set; }

    /// <summary>Rows that were left out, by reason.</summary>
    public IReadOnlyDictionary<string, int> LeftOut => _counts;

    internal void Leave(string reason, string place)
    {
        _counts[reason] = _counts.GetValueOrDefault(reason) + 1;
        if (!_places.TryGetValue(reason, out var places)) _places[reason] = places = [];
        if (places.Count < PlacesShown) places.Add(place);
    }

    /// <summary>A line for each reason, with the first places; empty where nothing was left out.</summary>
    public IEnumerable<string> Lines() => _places.Select(pair => string.Create(CultureInfo.InvariantCulture,
        $"{_counts[pair.Key]} left out ({pair.Key}): {string.Join(", ", pair.Value)}{(_counts[pair.Key] > pair.Value.Count ? ", ..." : "")}"));
}
