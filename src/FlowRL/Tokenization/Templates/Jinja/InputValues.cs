using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja;

/// <summary>JSON as values of a template, each knowing where it stood.</summary>
internal static class InputValues
{
    /// <param name="node">Any JSON.</param>
    /// <param name="path">Where it stands, such as <c>messages</c>.</param>
    /// <param name="budget">Of the rendering that it is for.</param>
    public static Value From(JsonNode? node, string path, Budget budget)
    {
        budget.Guard();
        var whole = new Origin(path, IsText: false);
        return node switch
        {
            null => NoneValue.Instance,
            JsonArray list => new ListValue([.. list.Select((item, i) => From(item, $"{path}/{i}", budget))]) { Origin = whole },
            JsonObject fields => DictionaryValue.From(fields.Select(field =>
                (Text(field.Key, $"{path}/#key"), From(field.Value, $"{path}/{field.Key}", budget))), budget, whole),
            JsonValue value => Scalar(value, path, whole, budget),
            _ => throw new ArgumentException($"There is no value for {node.GetType()}.", nameof(node)),
        };
    }

    private static Value Text(string plain, string path) => Value.Of(TracedText.Of(TokenText.WellFormed(plain), new Origin(path, IsText: true)));

    private static Value Scalar(JsonValue value, string path, Origin whole, Budget budget)
    {
        if (value.TryGetValue<string>(out var text)) return Text(text, path);
        if (value.TryGetValue<bool>(out var truth)) return Value.Of(truth);
        // Numbers that were not read from JSON have no notation: 1.0 is written 1 there.
        if (!value.TryGetValue<JsonElement>(out var element))
        {
            if (value.TryGetValue<double>(out var real)) return new FloatValue(real) { Origin = whole };
            if (value.TryGetValue<float>(out var single)) return new FloatValue(single) { Origin = whole };
        }
        var written = element.ValueKind == JsonValueKind.Number ? element.GetRawText() : value.ToJsonString();
        if (written.AsSpan().IndexOfAny('.', 'e', 'E') >= 0)
            return new FloatValue(double.Parse(written, CultureInfo.InvariantCulture)) { Origin = whole };
        Numbers.Bits(written.Length * Math.Log2(10), budget);
        return BigInteger.TryParse(written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? new IntegerValue(number) { Origin = whole } : Text(written.Trim('"'), path);
    }
}
