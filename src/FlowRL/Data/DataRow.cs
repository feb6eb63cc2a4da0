using System.Text.Json.Nodes;
using FlowRL.Files;

namespace FlowRL.Data;

/// <summary>One row of a data file, whatever the file's format.</summary>
/// <param name="File">The file it was read from.</param>
/// <param name="Number">Its line, or in formats without lines its place, from 1.</param>
/// <param name="Fields">Its fields.</param>
public sealed record DataRow(string File, long Number, JsonObject Fields)
{
    /// <summary>Where it stands, for messages.</summary>
    public string Place => $"{File}:{Number}";

    /// <summary>What is said of a row that cannot be used.</summary>
    /// <param name="what">What is wrong with it and what to do, without a full stop.</param>
    internal BadInputException Refusal(string what) => new($"{Place}: {what}.");

    /// <summary>
    /// The value at a path like <c>reward_model.ground_truth</c>, also where an object is kept as JSON text; null where there is none.
    /// </summary>
    public JsonNode? At(string path)
    {
        JsonNode? node = Fields;
        foreach (var name in path.Split('.'))
        {
            if (Object(node) is not { } fields || !fields.TryGetPropertyValue(name, out node)) return null;
        }
        return node;
    }

    // Formats without objects, such as CSV, keep them as JSON text.
    private static JsonObject? Object(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.StartsWith('{')
        && StrictJson.TryParse(text, out var parsed) ? parsed as JsonObject : node as JsonObject;
}
