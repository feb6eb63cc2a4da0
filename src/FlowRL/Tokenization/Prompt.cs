using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FlowRL.Tokenization;

/// <summary>What a model reads: text as it stands, or a conversation that the model's chat template renders.</summary>
public abstract record Prompt
{
    private Prompt() { }

    /// <summary>Text that is encoded as it is.</summary>
    public sealed record Plain(string Content) : Prompt
    {
        public override string Text => Content;
    }

    /// <summary>Messages, the last of which the model is to answer.</summary>
    public sealed record Chat(IReadOnlyList<ChatMessage> Messages) : Prompt
    {
        public override string Text => string.Join("\n\n", Named(Tools).Concat(Messages.Select(message => $"{message.Role}: {message.Content}")));

        /// <summary>The date that a chat template writes where it writes one; null for a fixed one.</summary>
        public DateOnly? Date { get; init; }

        /// <summary>Definitions of tools as JSON schemas, for templates that tell the model of them; null for none. Not to be changed.</summary>
        public JsonArray? Tools { get; init; }

        /// <summary>Further variables of the template, such as <c>enable_thinking</c>; null for none. Not to be changed.</summary>
        public JsonObject? Variables { get; init; }

        public bool Equals(Chat? other) => other is not null && Date == other.Date && Messages.SequenceEqual(other.Messages)
            && JsonNode.DeepEquals(Tools, other.Tools) && JsonNode.DeepEquals(Variables, other.Variables);

        public override int GetHashCode() => Messages.Aggregate(Date.GetHashCode(), HashCode.Combine);

        private static IEnumerable<string> Named(JsonArray? tools) => tools is not { Count: > 0 } ? []
            : [$"tools: {string.Join(", ", tools.Select(tool => tool?["function"]?["name"] ?? tool?["name"] ?? "?"))}"];
    }

    /// <summary>The prompt for reading, in logs and reports.</summary>
    public abstract string Text { get; }

    public sealed override string ToString() => Text;

    public static implicit operator Prompt(string text) => new Plain(text);
}

/// <summary>One turn of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c>, or another that the model's chat template knows.</param>
/// <param name="Content">The text, which never opens or closes a turn whatever it says.</param>
public sealed record ChatMessage(string Role, string Content)
{
    /// <summary>
    /// Further fields for the template, such as <c>tool_calls</c>, <c>reasoning_content</c> or <c>name</c>; a <c>content</c> among them (null, or a list
    /// of parts) stands in place of <see cref="Content"/>, which is then for reading alone. Null for none. Not to be changed.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Fields { get; init; }

    public bool Equals(ChatMessage? other) =>
        other is not null && Role == other.Role && Content == other.Content && JsonNode.DeepEquals(Fields, other.Fields);

    public override int GetHashCode() => HashCode.Combine(Role, Content);

    /// <summary>The message as a template sees it.</summary>
    internal JsonObject ToJson()
    {
        var message = new JsonObject { ["role"] = Role, ["content"] = Content };
        foreach (var (name, value) in Fields ?? []) message[name] = value?.DeepClone();
        return message;
    }
}
