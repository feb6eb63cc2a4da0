using System.Text.Json;
using FlowRL.Models.Families;

namespace FlowRL.Checkpoints;

/// <summary>Reads fields of one JSON object; what is wrong is collected, so that a user sees every error at once.</summary>
internal sealed class DecoderConfigFields(JsonElement root, string prefix, List<string> problems) : IModelFields
{
    public bool Has(string key) => Find(key) is not null;

    public bool Declares(string key) => root.TryGetProperty(key, out _);

    public int Int(string key, int? fallback = null)
    {
        if (Find(key) is not { } value) return fallback ?? Missing(key, 1);
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)) return number;
        return Wrong(key, value, "a whole number that fits 32 bits", fallback ?? 1);
    }

    public int? OptionalId(string key)
    {
        // -1 is how some configs say "none".
        var id = Has(key) ? Int(key, -1) : -1;
        return id == -1 ? null : id;
    }

    public double Double(string key, double? fallback = null)
    {
        if (Find(key) is not { } value) return fallback ?? Missing(key, 1);
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)) return number;
        return Wrong(key, value, "a number", fallback ?? 1);
    }

    public bool Bool(string key, bool fallback) => Find(key) switch
    {
        null => fallback,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => Wrong(key, value, "true or false", fallback),
    };

    public string? Text(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { } value => Wrong<string?>(key, value, "a text", null),
    };

    public IReadOnlyList<int> Ids(string key, IReadOnlyList<int> fallback)
    {
        if (Find(key) is not { } value) return Declares(key) ? [] : fallback;
        if (value.ValueKind == JsonValueKind.Number) return [Int(key)];
        var ids = new List<int>();
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
                if (item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var id)) ids.Add(id);
            if (ids.Count == value.GetArrayLength()) return ids;
        }
        return Wrong<IReadOnlyList<int>>(key, value, "an id or a list of ids", []);
    }

    public IModelFields? Object(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => new DecoderConfigFields(value, $"{prefix}{key}.", problems),
        { } value => Wrong<IModelFields?>(key, value, "an object", null),
    };

    public void Refuse(string key, string reason) => problems.Add($"{prefix}{key} {reason}");

    private JsonElement? Find(string key) =>
        root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private T Missing<T>(string key, T stand)
    {
        problems.Add($"{prefix}{key} is missing");
        return stand;
    }

    private T Wrong<T>(string key, JsonElement value, string expected, T stand)
    {
        var raw = value.GetRawText();
        problems.Add($"{prefix}{key} is {(raw.Length > 60 ? raw[..60] + "…" : raw)} and must be {expected}");
        return stand;
    }
}
