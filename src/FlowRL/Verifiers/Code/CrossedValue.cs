using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowRL.Verifiers.Code;

/// <summary>Values as they cross between sandboxes (peer.py), beside the JSON that data sets write. JSON's lists stand for Python's tuples too.</summary>
internal static class CrossedValue
{
    /// <summary>A JSON value as Python takes it.</summary>
    public static JsonNode? Of(JsonNode? value) => value switch
    {
        JsonArray list => new JsonArray(["list", .. list.Select(Of)]),
        JsonObject fields => new JsonArray(["dict", .. fields.Select(field => new JsonArray(field.Key, Of(field.Value)))]),
        _ => value?.DeepClone(),
    };

    /// <summary>
    /// Whether a value is the expected one: numbers by value, floats within the tolerance, lists and tuples alike. Some data sets put a function's
    /// value into a list of its own.
    /// </summary>
    public static bool Agrees(JsonNode? expected, JsonNode? value, double tolerance) =>
        Same(expected, value, tolerance) || (expected is JsonArray { Count: 1 } wrapped && Same(wrapped[0], value, tolerance));

    /// <summary>A value for people to read.</summary>
    public static string Write(JsonNode? value) => value switch
    {
        null => "None",
        JsonArray { Count: > 0 } tagged when Tag(tagged) == "list" => $"[{string.Join(", ", tagged.Skip(1).Select(Write))}]",
        JsonArray { Count: > 0 } tagged when Tag(tagged) == "tuple" => $"({string.Join(", ", tagged.Skip(1).Select(Write))})",
        JsonArray { Count: > 0 } tagged when Tag(tagged) == "mine" => "an object",
        _ => value.ToJsonString(),
    };

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
            return tagged.Skip(1).All(pair => pair is JsonArray { Count: 2 } entry && entry[0] is JsonValue key && key.TryGetValue<string>(out var name) &&
                seen.Add(name) && fields.TryGetPropertyValue(name, out var wanted) && Same(wanted, entry[1], tolerance));
        }
        return SameLeaf((JsonValue)expected, value, tolerance);
    }

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
                var isWhole = text.AsSpan().IndexOfAny('.', 'e', 'E') < 0 && text.Length < 5000;
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
