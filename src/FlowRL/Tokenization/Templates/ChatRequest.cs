using System.Text.Json.Nodes;

namespace FlowRL.Tokenization.Templates;

/// <summary>What a chat template is given, as transformers' <c>apply_chat_template</c> gives it.</summary>
/// <param name="Messages">
/// Objects with <c>role</c>, mostly <c>content</c> (a text or a list of parts), and whatever else the template reads: <c>tool_calls</c>,
/// <c>reasoning_content</c>, <c>name</c>. At least one.
/// </param>
internal sealed record ChatRequest(JsonArray Messages)
{
    public ChatRequest(IEnumerable<ChatMessage> messages) : this(new JsonArray([.. messages.Select(message => (JsonNode)message.ToJson())])) { }

    public ChatRequest(Prompt.Chat chat) : this(chat.Messages) => (Tools, Variables, Date) = (chat.Tools, chat.Variables, chat.Date);

    /// <summary>Definitions of tools, as JSON schemas; templates without tools leave them out.</summary>
    public JsonArray? Tools { get; init; }

    /// <summary>Documents to answer from, for templates that have them.</summary>
    public JsonArray? Documents { get; init; }

    /// <summary>Whether to end with the opening of an assistant's turn.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>Whether the last message stays open behind its last character, for the model to go on with it. Leaves the generation prompt out.</summary>
    public bool ContinueFinalMessage { get; init; }

    /// <summary>Further variables of the template, such as <c>enable_thinking</c>.</summary>
    public JsonObject? Variables { get; init; }

    /// <summary>
    /// Whether the messages reach the template as they stand. Else, as in transformers, fields that are null are left out, and reasoning
    /// has all names under which templates look for it.
    /// </summary>
    public bool Verbatim { get; init; }

    /// <summary>
    /// What <c>strftime_now</c> writes. Where it is null, templates with a date of their own for that case keep it, and others get
    /// <see cref="ChatTemplate.FixedDate"/>: never today's, so that a prompt is the same tomorrow.
    /// </summary>
    public DateOnly? Date { get; init; }
}

/// <summary>A conversation as token ids.</summary>
/// <param name="Ids">With the begin of sequence where the template has one: put none before.</param>
/// <param name="Answer">For each id the place of the assistant's message that it is part of, its turn's end included; else <see cref="Nobody"/>.</param>
internal sealed record EncodedChat(int[] Ids, int[] Answer)
{
    /// <summary>What stands for tokens that the assistant does not write.</summary>
    public const int Nobody = -1;

    /// <summary>For each id whether the assistant writes it: what training teaches.</summary>
    public bool[] IsAssistant { get; } = [.. Answer.Select(message => message != Nobody)];
}
