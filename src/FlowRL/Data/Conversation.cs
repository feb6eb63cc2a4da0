using System.Text.Json.Nodes;
using FlowRL.Tokenization;

namespace FlowRL.Data;

/// <summary>Conversations in rows: lists of messages with <c>role</c> and <c>content</c>.</summary>
internal static class Conversation
{
    /// <summary>The prompt; null where an item is no message, or there is none.</summary>
    public static Prompt? Read(JsonArray messages, PromptOptions options)
    {
        var turns = messages.Select(Turn).OfType<ChatMessage>().ToList();
        return turns.Count > 0 && turns.Count == messages.Count ? options.Of(turns) : null;
    }

    private static ChatMessage? Turn(JsonNode? message) =>
        message is JsonObject turn && FieldText.Of(turn["role"]) is { } role && FieldText.Of(turn["content"]) is { } content
            ? new ChatMessage(role, content) : null;
}
