using System.Text.Json.Nodes;
using FlowRL.Data;
using FlowRL.Files;
using FlowRL.Tokenization;

namespace FlowRL.Tasks.ProblemSets;

/// <summary>
/// Conversations in rows: lists of messages with <c>role</c> and <c>content</c> and what else a template reads, such as <c>tool_calls</c>, or with
/// <c>from</c> and <c>value</c>; beside them <c>tools</c> and <c>chat_template_kwargs</c>.
/// </summary>
internal static class ConversationRows
{
    /// <summary>The field of a row with variables of its chat template.</summary>
    public const string Variables = "chat_template_kwargs";

    private static readonly string[] InsteadOfContent = ["tool_calls", "function_call", "reasoning_content", "thinking", "reasoning"];

    /// <summary>Whose words a turn is, where rows say it in <c>from</c>.</summary>
    private static readonly Dictionary<string, string> Speakers = new()
    {
        ["human"] = "user",
        ["gpt"] = "assistant",
        ["chatgpt"] = "assistant",
        ["model"] = "assistant",
        ["bot"] = "assistant",
        ["observation"] = "tool",
        ["tool_response"] = "tool",
        ["function_response"] = "tool",
    };

    /// <summary>The messages that a field holds, as a list or as the JSON text of one; null where it holds something else.</summary>
    public static JsonArray? Find(JsonNode? field) => field is JsonArray list ? list
        : Written(field) is JsonArray { Count: > 0 } written && written.All(turn => Turn(turn) is not null) ? written : null;

    /// <summary>Whether a field holds messages as Python prints them, which would be a strange prompt.</summary>
    public static bool IsPythons(JsonNode? field) => field is JsonValue value && value.TryGetValue<string>(out var text)
        && text.AsSpan().TrimStart() is var start && (start.StartsWith("[{'role':") || start.StartsWith("[{'content':") || start.StartsWith("[{'from':"));

    /// <summary>The conversation with the row's tools and variables; null with a reason where something is none.</summary>
    public static Prompt.Chat? Read(DataRow row, string field, JsonArray messages, PromptMaker maker, out string problem)
    {
        var turns = messages.Select(Turn).ToList();
        var wrong = turns.IndexOf(null);
        var (toolField, variableField) = (row.At("tools"), row.At(Variables));
        var (tools, variables) = (Tools(toolField), Written(variableField) as JsonObject);
        problem = turns.All(turn => turn is null) ? $"{field} is neither a text nor a conversation"
            : wrong >= 0 ? $"{field}[{wrong}] is no message, which has a role and a content"
            : tools is null && toolField is not null ? "tools is no list of definitions"
            : variables is null && variableField is not null ? $"{Variables} is no object" : "";
        return problem == "" ? maker.Of(turns.OfType<ChatMessage>().ToList(), tools is { Count: 0 } ? null : tools, variables) : null;
    }

    /// <summary>Definitions of tools, as a list or as the JSON text of one; null where it is something else.</summary>
    public static JsonArray? Tools(JsonNode? node) => Written(node) is JsonArray list && list.All(tool => tool is JsonObject) ? list : null;

    /// <summary>A message; null where it is none.</summary>
    public static ChatMessage? Turn(JsonNode? message)
    {
        if (message is not JsonObject turn) return null;
        var isOther = turn["role"] is null && turn["from"] is not null; // from and value
        if (FieldText.Of(turn[isOther ? "from" : "role"]) is not { } role) return null;
        var said = isOther ? turn["value"] : turn["content"];
        if (isOther && role == "function_call") return Call(said);
        if (isOther) role = Speakers.GetValueOrDefault(role, role);
        var fields = new JsonObject(turn.Where(field => field.Value is not null && field.Key is not ("role" or "content" or "from" or "value"))
            .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
        var content = FieldText.Of(said);
        if (content is null && said is JsonArray { Count: > 0 } parts && parts.All(part => part is JsonObject))
        {
            fields["content"] = parts.DeepClone();
            content = string.Concat(parts.Select(part => FieldText.Of(part!["text"])));
        }
        else if (content is null && said is null && InsteadOfContent.Select(name => fields[name]).FirstOrDefault(value => value is not null) is { } other)
        {
            fields["content"] = null;
            content = FieldText.Of(other) ?? other.ToJsonString();
        }
        return content is null ? null : new ChatMessage(role, content) { Fields = fields.Count == 0 ? null : fields };
    }

    /// <summary>A turn that is a call of a tool, or several: JSON with <c>name</c> and <c>arguments</c>.</summary>
    private static ChatMessage? Call(JsonNode? said)
    {
        var calls = Written(said) switch { JsonArray list => list, JsonObject one => [one.DeepClone()], _ => null };
        if (calls is not { Count: > 0 } || !calls.All(call => call is JsonObject && FieldText.Of(call["name"]) is not null)) return null;
        var written = new JsonArray([.. calls.Select(call => (JsonNode)new JsonObject { ["type"] = "function", ["function"] = call!.DeepClone() })]);
        return new ChatMessage("assistant", calls.ToJsonString()) { Fields = new JsonObject { ["content"] = null, ["tool_calls"] = written } };
    }

    /// <summary>A list or an object, also where it is kept as JSON text.</summary>
    private static JsonNode? Written(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text)
        && text.AsSpan().TrimStart() is ['[' or '{', ..] && StrictJson.TryParse(text, out var parsed) ? parsed : node;
}
