using System.Text.Json;
using FlowRL.Models.Families;

namespace FlowRL.Checkpoints;

/// <summary>Reads fields of one JSON object; what is wrong is collected, so that a user sees every error at once.</summary>
internal sealed class DecoderConfigFields(JsonElement root, string prefix, List<string> problems) : IModelFields
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Where fields are looked for that are not here and that stand beside the whole: those of a text model inside of another.</summary>
    public DecoderConfigFields? Around { get; init; }

    /// <summary>The fields that were asked for.</summary>
    public IReadOnlySet<string> Asked => _asked;

    public bool Has(string key) => Find(key) is not null;

    public bool Declares(string key)
    {
        _asked.Add(key);
        return root.TryGetProperty(key, out _) || (Around is { } around && Shared.Contains(key) && around.Declares(key));
    }

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

    public IReadOnlyList<string>? Texts(string key) =>
        List(key, "a list of texts", item => item.ValueKind == JsonValueKind.String ? item.GetString() : null);

    public IReadOnlyList<double>? Doubles(string key) => List(key, "a list of numbers",
        item => item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out var number) && double.IsFinite(number) ? number : (double?)null)?
        .Select(number => number!.Value).ToList();

    public IModelFields? Object(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => new DecoderConfigFields(value, $"{prefix}{key}.", problems),
        { } value => Wrong<IModelFields?>(key, value, "an object", null),
    };

    public void Refuse(string key, string reason) => problems.Add($"{prefix}{key} {reason}");

    /// <summary>A value as messages show it.</summary>
    internal static string Shortened(JsonElement value)
    {
        var raw = value.GetRawText();
        return raw.Length > 60 ? raw[..60] + "…" : raw;
    }

    // What vision models say of the whole and not of the text model.
    private static readonly string[] Shared = ["eos_token_id", "bos_token_id", "pad_token_id", "tie_word_embeddings"];

    private JsonElement? Find(string key)
    {
        _asked.Add(key);
        if (root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null) return value;
        return Around is { } around && Shared.Contains(key) ? around.Find(key) : null;
    }

    private List<T>? List<T>(string key, string expected, Func<JsonElement, T?> read)
    {
        if (Find(key) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Select(read).ToList() is var items && items.TrueForAll(item => item is not null))
            return [.. items.Select(item => item!)];
        return Wrong<List<T>>(key, value, expected, []);
    }

    private T Missing<T>(string key, T stand)
    {
        problems.Add($"{prefix}{key} is missing");
        return stand;
    }

    private T Wrong<T>(string key, JsonElement value, string expected, T stand)
    {
        problems.Add($"{prefix}{key} is {Shortened(value)} and must be {expected}");
        return stand;
    }
}
