using FlowRL.Checkpoints.Gguf.Vocabulary;

namespace FlowRL.Checkpoints.Gguf.Families;

/// <summary>What rules read from, and the fields that they set. What is wrong is collected, so that a user sees every error at once.</summary>
/// <param name="architecture">What keys begin with.</param>
/// <param name="metadata">The file's.</param>
/// <param name="shape">The shape of a tensor by its name; null where the file has none such.</param>
/// <param name="numbers">A tensor's numbers.</param>
internal sealed class GgufReading(
    string architecture, GgufMetadata metadata, Func<string, long[]?> shape, Func<string, float[]> numbers)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);

    /// <summary>As <c>config.json</c> has them.</summary>
    public Dictionary<string, object?> Fields { get; } = new(StringComparer.Ordinal);

    public List<string> Problems { get; } = [];

    /// <summary>The special tokens, for the fields that name them.</summary>
    public required GgufSpecialTokens Special { get; init; }

    public long[]? Shape(string tensor) => shape(tensor);

    public float[] Numbers(string tensor) => numbers(tensor);

    public long? Whole(string key) => metadata.Whole(Asked(key));

    public double? Number(string key) => metadata.Number(Asked(key));

    public string? Text(string key) => metadata.Text(Asked(key));

    public bool? Flag(string key) => metadata.Flag(Asked(key));

    /// <summary>The key as files have it.</summary>
    public string Full(string key) => $"{architecture}.{key}";

    public void Missing(string key) => Problems.Add($"{Full(key)} is missing");

    public void Refuse(string key, string reason) => Problems.Add($"{Full(key)} {reason}");

    /// <summary>Sets a field, and remembers the key or tensor that said it, for messages.</summary>
    public void Set(string field, object? value, string? source)
    {
        Fields[field] = value;
        if (source is not null) _sources[field] = source.Contains(".weight", StringComparison.Ordinal) || source.Contains(".bias", StringComparison.Ordinal)
            ? source : Full(source);
    }

    /// <summary>A problem that begins with a field, in the words of the file.</summary>
    public string Told(string problem)
    {
        var field = problem.Split(' ')[0];
        return _sources.TryGetValue(field, out var source) ? $"{source} ({field}){problem[field.Length..]}" : problem;
    }

    /// <summary>Keys of the architecture that nothing asked for and that may change what the model computes.</summary>
    public IEnumerable<string> Unread() => metadata.Values
        .Where(pair => pair.Key.StartsWith($"{architecture}.", StringComparison.Ordinal) && !_asked.Contains(pair.Key) && !IsOff(pair.Value))
        .Select(pair => $"{pair.Key} is {metadata.Shown(pair.Key)}, which cannot be read here");

    private string Asked(string key)
    {
        var full = Full(key);
        _asked.Add(full);
        return full;
    }

    /// <summary>How files say that a feature is not used.</summary>
    private static bool IsOff(object value) => value switch
    {
        bool flag => !flag,
        string text => text is "" or "none",
        float number => number == 0,
        double number => number == 0,
        GgufArray array => array.Items.Length == 0,
        _ => GgufMetadata.AsWhole(value) == 0,
    };
}
