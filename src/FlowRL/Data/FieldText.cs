using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowRL.Data;

/// <summary>Fields as text, whatever their type: columns mix numbers and strings.</summary>
internal static class FieldText
{
    /// <summary>
    /// A string as it is; a number in its shortest notation, 18 and not 18.0; a list with one item as that item, with several as "a, b"; null for
    /// objects, nulls and empty lists.
    /// </summary>
    public static string? Of(JsonNode? node) => node switch
    {
        JsonArray { Count: 1 } list => Of(list[0]),
        JsonArray { Count: > 1 } list when list.Select(Of).ToList() is var items && !items.Contains(null) => string.Join(", ", items),
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.Number => Number(value),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => null,
        },
        _ => null,
    };

    private static string Number(JsonValue value)
    {
        var written = value.ToJsonString();
        return decimal.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("0.############################", CultureInfo.InvariantCulture) : written;
    }
}
