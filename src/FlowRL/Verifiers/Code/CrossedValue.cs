using System.Globalization;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowRL.Verifiers.Code;

/// <summary>
/// Values as they cross between sandboxes (peer.py), beside the JSON that data sets write. JSON's lists stand for Python's tuples too, and the keys of
/// its objects, which are always texts, for whatever is written so.
/// </summary>
internal static class CrossedValue
{
    private const int LongestNumber = 5000; // to write one in decimal takes the square of its length
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A JSON value as Python takes it.</summary>
    public static JsonNode? Of(JsonNode? value) => value switch
    {
        JsonArray list => new JsonArray(["list", .. list.Select(Of)]),
        JsonObject fields => new JsonArray(["dict", .. fields.Select(field => new JsonArray(field.Key, Of(field.Value)))]),
        _ => value?.DeepClone(),
    };

    /// <summary>As <see cref="Of"/>, where objects whose keys are all whole numbers become dictionaries of these; null where there are none.</summary>
    public static JsonNode? OfNumberKeys(JsonNode? value)
    {
        var any = false;
        var crossed = Convert(value);
        return any ? crossed : null;

        JsonNode? Convert(JsonNode? node)
        {
            if (node is JsonArray list) return new JsonArray(["list", .. list.Select(Convert)]);
            if (node is not JsonObject fields) return node?.DeepClone();
            var areNumbers = fields.Count > 0 && fields.All(field => long.TryParse(field.Key, CultureInfo.InvariantCulture, out var number) &&
                number.ToString(CultureInfo.InvariantCulture) == field.Key);
            any |= areNumbers;
            JsonNode Key(string key) => areNumbers ? long.Parse(key, CultureInfo.InvariantCulture) : key;
            return new JsonArray(["dict", .. fields.Select(field => new JsonArray(Key(field.Key), Convert(field.Value)))]);
        }
    }

    /// <summary>
    /// Whether a value is the expected one: numbers by value, floats within the tolerance, lists and tuples alike. Some data sets put a function's
    /// value into a list of its own.
    /// </summary>
    public static bool Agrees(JsonNode? expected, JsonNode? value, double tolerance) =>
        Same(expected, value, tolerance) || (expected is JsonArray { Count: 1 } wrapped && Same(wrapped[0], value, tolerance));

    /// <summary>A JSON value for people to read, as Python writes it.</summary>
    public static string WriteJson(JsonNode? value) => Write(Of(value));

    /// <summary>A value for people to read, as Python writes it.</summary>
    public static string Write(JsonNode? value) => value switch
    {
        null => "None",
        JsonArray { Count: > 0 } tagged => (Tag(tagged), tagged.Count) switch
        {
            ("list", _) => $"[{Items(tagged)}]",
            ("tuple", 2) => $"({Items(tagged)},)",
            ("tuple", _) => $"({Items(tagged)})",
            ("set", 1) => "set()",
            ("set", _) => $"{{{Items(tagged)}}}",
            ("dict", _) => $"{{{string.Join(", ", tagged.Skip(1).Select(WriteEntry))}}}",
            ("mine", _) => "an object",
            (_, 2) when $"{tagged[1]}".Length < LongestNumber && Number(tagged) is { } number =>
                number.Whole?.ToString(CultureInfo.InvariantCulture) ?? $"{tagged[1]}",
            _ => tagged.ToJsonString(),
        },
        JsonValue leaf when leaf.GetValueKind() is JsonValueKind.True or JsonValueKind.False => leaf.GetValue<bool>() ? "True" : "False",
        _ => value.ToJsonString(Plain),
    };

    private static string WriteEntry(JsonNode? entry) => entry is JsonArray { Count: 2 } pair ? $"{Write(pair[0])}: {Write(pair[1])}" : "?";

    private static string Items(JsonArray tagged) => string.Join(", ", tagged.Skip(1).Select(Write));

    private static bool Same(JsonNode? expected, JsonNode? value, double tolerance)
    {
        if (expected is null || value is null) return expected is null && value is null;
        if (expected is JsonArray list)
        {
            return value is JsonArray { Count: > 0 } tagged && Tag(tagged) is "list" or "tuple" && ((JsonArray)value).Count == list.Count + 1 &&
                list.Zip(((JsonArray)value).Skip(1)).All(pair => Same(pair.First, pair.Second, tolerance));
        }
        if (expected is JsonObject fields)
        {
            if (value is not JsonArray { Count: > 0 } tagged || Tag(tagged) != "dict" || tagged.Count != fields.Count + 1) return false;
            var seen = new HashSet<string>(); // a forged answer may say one entry twice
            return tagged.Skip(1).All(pair => pair is JsonArray { Count: 2 } entry && Key(entry[0]) is var name &&
                seen.Add(name) && fields.TryGetPropertyValue(name, out var wanted) && Same(wanted, entry[1], tolerance));
        }
        return SameLeaf((JsonValue)expected, value, tolerance);
    }

    /// <summary>A key as JSON writes it, or, where it has no way to, Python.</summary>
    private static string Key(JsonNode? key) => key switch
    {
        JsonValue text when text.TryGetValue<string>(out var name) => name,
        null or JsonValue => key?.ToJsonString() ?? "null",
        _ => Write(key),
    };

    private static bool SameLeaf(JsonValue expected, JsonNode value, double tolerance)
    {
        if (Number(expected) is { } wanted)
        {
            if (Number(value) is not { } given) return false;
            if (wanted.Whole is { } one && given.Whole is { } other) return one == other;
            if (wanted.Real.Equals(given.Real)) return true;
            return double.IsFinite(wanted.Real) && Math.Abs(wanted.Real - given.Real) <= tolerance + 1e-7 * Math.Abs(wanted.Real);
        }
        return value is JsonValue leaf && Number(leaf) is null && leaf.GetValueKind() == expected.GetValueKind() && leaf.ToString() == expected.ToString();
    }

    /// <summary>An integer of any size, or a float; Python counts its booleans among the integers. Null for anything else.</summary>
    private static (BigInteger? Whole, double Real)? Number(JsonNode node)
    {
        if (node is JsonArray { Count: 2 } tagged) return Written(Tag(tagged), tagged[1]?.ToString() ?? "");
        if (node is not JsonValue leaf) return null;
        switch (leaf.GetValueKind())
        {
            case JsonValueKind.True:
                return (1, 1);
            case JsonValueKind.False:
                return (0, 0);
            case JsonValueKind.Number:
                var text = leaf.ToJsonString();
                var real = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
                var isWhole = text.AsSpan().IndexOfAny('.', 'e', 'E') < 0 && text.Length < LongestNumber;
                return isWhole ? (BigInteger.Parse(text, CultureInfo.InvariantCulture), real) : (null, real);
            default:
                return null;
        }
    }

    // What JSON has no notation for: integers beyond 64 bits, and floats that are not finite.
    private static (BigInteger? Whole, double Real)? Written(string? tag, string text)
    {
        var digits = text.TrimStart('-');
        var sign = digits.Length < text.Length ? -1 : 1;
        if (tag == "float") return digits == "inf" ? (null, sign * double.PositiveInfinity) : (null, double.NaN);
        return tag == "int" && digits.StartsWith("0x", StringComparison.Ordinal) &&
            BigInteger.TryParse($"0{digits[2..]}", NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var big) ? (sign * big, sign * (double)big) : null;
    }

    private static string? Tag(JsonArray tagged) => tagged[0] is JsonValue tag && tag.TryGetValue<string>(out var word) ? word : null;
}
