using FlowRL.Checkpoints.Gguf.Vocabulary;
using FlowRL.Models.Families;

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

    /// <summary>A whole number; where a file has one for each layer, that of all.</summary>
    public long? Whole(string key)
    {
        if (!metadata.Values.TryGetValue(Asked(key), out var value) || value is not GgufArray) return metadata.Whole(Full(key));
        var each = metadata.Wholes(Full(key))!.Distinct().ToList();
        if (each.Count != 1) Refuse(key, "differs from layer to layer, which cannot be read here");
        return each.Count == 0 ? null : each[0];
    }

    /// <summary>Whole numbers or truths, one for each layer; null where the key is missing or has one value for all.</summary>
    public long[]? Each(string key) => !metadata.Values.TryGetValue(Asked(key), out var value) || value is not GgufArray array ? null
        : array.Items is bool[] flags ? [.. flags.Select(flag => flag ? 1L : 0)] : metadata.Wholes(Full(key));

    public bool Has(string key) => metadata.Has(Asked(key));

    /// <summary>A key whose value makes no difference.</summary>
    public void Pass(string key) => Asked(key);

    /// <summary>A whole number that an earlier rule has set; 0 for none.</summary>
    public long Field(string field) => Fields.GetValueOrDefault(field) is long number ? number : 0;

    /// <summary>As many layers as lists are made for: what the file says is refused later where it is more, or none.</summary>
    public int Layers => LayerFields.Bounded((int)Math.Clamp(Field("num_hidden_layers"), 0, int.MaxValue));

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

    /// <summary>Gives a field that is set another name.</summary>
    public void Rename(string field, string own)
    {
        if (!Fields.Remove(field, out var value)) return;
        Fields[own] = value;
        if (_sources.Remove(field, out var source)) _sources[own] = source;
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
