namespace FlowRL.Checkpoints.Gguf.Families;

/// <summary>The metadata and the further tensors that rules write.</summary>
/// <param name="architecture">What keys begin with.</param>
internal sealed class GgufWriting(string architecture)
{
    /// <summary>In the order in which they are written.</summary>
    public OrderedDictionary<string, object> Pairs { get; } = new(StringComparer.Ordinal);

    /// <summary>Tables that are computed from the description, by name.</summary>
    public Dictionary<string, float[]> Tables { get; } = new(StringComparer.Ordinal);

    /// <summary>A value under a key of the architecture.</summary>
    public void Add(string key, object value) => Pairs.Add($"{architecture}.{key}", value);
}
