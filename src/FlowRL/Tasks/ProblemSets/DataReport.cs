using System.Globalization;

namespace FlowRL.Tasks.ProblemSets;

/// <summary>What was read and what was left out, and why. Not thread-safe.</summary>
internal sealed class DataReport
{
    private const int PlacesShown = 3;
    private readonly OrderedDictionary<string, List<string>> _places = [];
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>What rows become, in lines.</summary>
    internal string What { get; init; } = "training problems";

    /// <summary>The key of the share that is kept apart.</summary>
    internal string ShareKey { get; init; } = "task.data.validation_share";

    /// <summary>Rows that became problems.</summary>
    public int Kept { get; internal set; }

    /// <summary>Rows that were left out, by reason.</summary>
    public IReadOnlyDictionary<string, int> LeftOut => _counts;

    /// <summary>How many training problems were kept apart for validation, and how many are left to train on; null where none were.</summary>
    internal (int Validation, int Train)? KeptApart { get; set; }

    internal void Leave(string reason, string place)
    {
        _counts[reason] = _counts.GetValueOrDefault(reason) + 1;
        if (!_places.TryGetValue(reason, out var places)) _places[reason] = places = [];
        if (places.Count < PlacesShown) places.Add(place);
    }

    /// <summary>A line for each reason why rows were left out, with the first places, and one on what was kept apart.</summary>
    public IEnumerable<string> Lines()
    {
        foreach (var line in LeftOutLines()) yield return line;
        if (KeptApart is not { } apart) yield break;
        yield return string.Create(CultureInfo.InvariantCulture,
            $"{apart.Validation} of {apart.Validation + apart.Train} {What} are kept apart for validation ({ShareKey})");
    }

    /// <summary>For each reason the first places.</summary>
    internal IEnumerable<(string Reason, string Places)> Places =>
        _places.Select(pair => (pair.Key, $"{string.Join(", ", pair.Value)}{(_counts[pair.Key] > pair.Value.Count ? ", ..." : "")}"));

    private IEnumerable<string> LeftOutLines() => Places.Select(pair => string.Create(CultureInfo.InvariantCulture,
        $"{_counts[pair.Reason]} left out ({pair.Reason}): {pair.Places}"));
}
