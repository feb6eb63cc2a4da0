using System.Globalization;

namespace FlowRL.Checkpoints.Gguf;

/// <summary>
/// The metadata of a GGUF file by key. Whoever asks for a value says what it must be; whole numbers may be of any size and sign, for writers differ.
/// Nothing that is not there throws; a value of another kind does, with the file's name and the key.
/// </summary>
internal sealed class GgufMetadata(string path, OrderedDictionary<string, object> values)
{
    public string Path { get; } = path;

    public IReadOnlyDictionary<string, object> Values => values;

    public bool Has(string key) => values.ContainsKey(key);

    public string? Text(string key) => Find<string>(key, "a text");

    public bool? Flag(string key) => !values.TryGetValue(key, out var value) ? null : value as bool? ?? throw Wrong(key, "true or false");

    public long? Whole(string key) => !values.TryGetValue(key, out var value) ? null
        : AsWhole(value) ?? throw Wrong(key, "a whole number that fits 63 bits");

    public double? Number(string key) => !values.TryGetValue(key, out var value) ? null : value switch
    {
        float single => single,
        double real => real,
        _ => AsWhole(value) ?? throw Wrong(key, "a number"),
    };

    /// <summary>A list of texts, such as the vocabulary.</summary>
    public string[]? Texts(string key) => Find<GgufArray>(key, "a list of texts") switch
    {
        null => null,
        { Items: string[] texts } => texts,
        { Items.Length: 0 } => [],
        _ => throw Wrong(key, "a list of texts"),
    };

    /// <summary>A list of whole numbers.</summary>
    public long[]? Wholes(string key) => Find<GgufArray>(key, "a list of whole numbers") is not { } array ? null
        : [.. array.Items.Cast<object>().Select(item => AsWhole(item) ?? throw Wrong(key, "a list of whole numbers"))];

    /// <summary>A list of floats, such as scores.</summary>
    public float[]? Numbers(string key) => Find<GgufArray>(key, "a list of numbers") switch
    {
        null => null,
        { Items: float[] numbers } => numbers,
        _ => throw Wrong(key, "a list of numbers of 4 bytes"),
    };

    /// <summary>How messages show a value.</summary>
    public string Shown(string key) => values[key] switch
    {
        string text => $"'{(text.Length > 60 ? text[..60] + "…" : text)}'",
        GgufArray array => $"a list of {array.Items.Length} values",
        bool flag => flag ? "true" : "false",
        var other => Convert.ToString(other, CultureInfo.InvariantCulture)!,
    };

    public BadInputException Wrong(string key, string expected) =>
        new($"{Path}: '{key}' is {Shown(key)} and must be {expected}. Copy or download the file again, or take one from another source.");

    /// <summary>Null for what is no whole number, and for what fits no long.</summary>
    public static long? AsWhole(object value) => value switch
    {
        byte number => number,
        sbyte number => number,
        ushort number => number,
        short number => number,
        uint number => number,
        int number => number,
        long number => number,
        ulong number and <= long.MaxValue => (long)number,
        _ => null,
    };

    private T? Find<T>(string key, string expected) where T : class =>
        !values.TryGetValue(key, out var value) ? null : value as T ?? throw Wrong(key, expected);
}
