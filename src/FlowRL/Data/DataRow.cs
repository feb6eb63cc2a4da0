using System.Text.Json.Nodes;

namespace FlowRL.Data;

/// <summary>One row of a data file, whatever the file's format.</summary>
/// <param name="File">The file it was read from.</param>
/// <param name="Number">Its line, or in formats without lines its place, from 1.</param>
/// <param name="Fields">Its fields.</param>
public sealed record DataRow(string File, long Number, JsonObject Fields)
{
    /// <summary>Where it stands, for messages.</summary>
    public string Place => $"{File}:{Number}";

    /// <summary>The value at a path like <c>reward_model.ground_truth</c>; null where there is none.</summary>
    public JsonNode? At(string path)
    {
        JsonNode? node = Fields;
        foreach (var name in path.Split('.'))
        {
            if (node is not JsonObject fields || !fields.TryGetPropertyValue(name, out node)) return null;
        }
        return node;
    }
}
