using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowRL.Tokenization.Templates.Jinja;

namespace FlowRL.Tokenization.Templates;

/// <summary>
/// Turns a conversation into a prompt as the model was taught to read it, by running the model's own template. What a message says stays
/// text: special tokens are those alone that the template writes.
/// </summary>
internal sealed partial class ChatTemplate
{
    private static readonly ConditionalWeakTable<PretrainedTokenizer, ChatTemplate> Known = [];

    private readonly IReadOnlyDictionary<string, string> _specialTokens;
    private readonly Dictionary<string, NamedTemplate> _templates = [];

    private ChatTemplate(ChatTemplateFiles files)
    {
        _specialTokens = files.SpecialTokens;
        foreach (var (name, source, origin) in files.Templates)
            _templates[name] = new NamedTemplate(Read(() => JinjaTemplate.Parse(source), origin), origin, HasOwnDate().IsMatch(source));
    }

    /// <summary>The date of templates that write one and have none of their own; a request may give another.</summary>
    public static DateOnly FixedDate { get; } = new(2026, 1, 1);

    /// <summary>Reads the template beside a tokenizer: chat_template.jinja, else <c>chat_template</c> in tokenizer_config.json.</summary>
    /// <param name="path">A model's folder, or the tokenizer.json in it.</param>
    /// <exception cref="BadInputException">There is none, or it is no template.</exception>
    public static ChatTemplate Load(string path) => new(ChatTemplateFiles.Read(TokenizerFiles.Read(path)));

    /// <summary>The template that came with a tokenizer, read once for each.</summary>
    /// <inheritdoc cref="Load"/>
    public static ChatTemplate Of(PretrainedTokenizer tokenizer) => Known.GetValue(tokenizer, known => new ChatTemplate(ChatTemplateFiles.Read(known.Files)));

    /// <summary>Whether a tokenizer came with a template, which may be damaged.</summary>
    public static bool IsThere(PretrainedTokenizer tokenizer) => ChatTemplateFiles.AreThere(tokenizer.Files);

    /// <param name="template">The template's source (Jinja).</param>
    /// <param name="origin">Where it comes from, for messages.</param>
    /// <param name="specialTokens">What variables such as <c>bos_token</c> stand for; undefined where they are missing.</param>
    /// <exception cref="BadInputException">It is no template.</exception>
    public static ChatTemplate Parse(string template, string origin, IReadOnlyDictionary<string, string>? specialTokens = null) =>
        new(new ChatTemplateFiles([(ChatTemplateFiles.Default, template, origin)], specialTokens ?? new Dictionary<string, string>()));

    /// <summary>The conversation as text, special tokens spelled out (the begin of sequence included where the template has one).</summary>
    /// <param name="messages">At least one.</param>
    /// <param name="addGenerationPrompt">Whether to end with the opening of an assistant's turn.</param>
    /// <param name="enableThinking">False closes the thinking at once where the template has that switch.</param>
    /// <exception cref="BadInputException">The template refuses the conversation, or fails.</exception>
    public string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = true, bool enableThinking = true) =>
        Render(Request(messages, addGenerationPrompt, enableThinking)).Text.Plain;

    /// <summary>The conversation as token ids. Put no begin of sequence before it.</summary>
    /// <inheritdoc cref="Render(IReadOnlyList{ChatMessage}, bool, bool)"/>
    public int[] Encode(
        ITokenizer tokenizer, IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = true, bool enableThinking = true, DateOnly? date = null) =>
        ChatEncoding.Ids(tokenizer, Render(Request(messages, addGenerationPrompt, enableThinking) with { Date = date }).Text);

    /// <summary>The conversation as token ids, up to where the answer begins. Put no begin of sequence before it.</summary>
    /// <exception cref="BadInputException">The template refuses the conversation, or fails.</exception>
    public int[] Encode(ITokenizer tokenizer, Prompt.Chat chat) => ChatEncoding.Ids(tokenizer, Render(new ChatRequest(chat)).Text);

    /// <summary>The conversation as token ids, with those that the assistant writes.</summary>
    /// <exception cref="BadInputException">The template refuses the conversation, or fails.</exception>
    public EncodedChat Encode(ITokenizer tokenizer, ChatRequest request) => ChatEncoding.WithAssistant(tokenizer, Render(request), request);

    /// <summary>The conversation, each character with who wrote it.</summary>
    /// <exception cref="BadInputException">The template refuses the conversation, or fails.</exception>
    internal RenderedText Render(ChatRequest request, CancellationToken cancellation = default)
    {
        if (request.Messages.Count == 0) throw new BadInputException("The conversation has no message; give at least one.");
        var template = request.Tools is { Count: > 0 } && _templates.TryGetValue(ChatTemplateFiles.ToolUse, out var own) ? own
            : _templates[ChatTemplateFiles.Default];
        return Read(() =>
        {
            var rendered = template.Parsed.Render(budget => ChatVariables.Of(request, _specialTokens, budget), Now(request, template), cancellation);
            return request.ContinueFinalMessage ? rendered with { Text = ChatVariables.UpToMark(rendered.Text) } : rendered;
        }, template.Origin);
    }

    private static ChatRequest Request(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, bool enableThinking) => new(messages)
    {
        AddGenerationPrompt = addGenerationPrompt,
        Variables = enableThinking ? null : new JsonObject { ["enable_thinking"] = false },
    };

    private static DateTime? Now(ChatRequest request, NamedTemplate template) => request.Date is { } date ? date.ToDateTime(TimeOnly.MinValue)
        : template.HasOwnDate ? null : FixedDate.ToDateTime(TimeOnly.MinValue);

    private static T Read<T>(Func<T> read, string origin)
    {
        try
        {
            return read();
        }
        catch (JinjaException e)
        {
            var place = e.At is { } at ? $" ({at})" : "";
            throw new BadInputException(e.Kind switch
            {
                JinjaErrorKind.Syntax => $"The chat template in {origin} cannot be read{place}: {e.Message}; take it from the model's publisher again, " +
                    "or use plain prompts (task.data.prompt.chat: false; flowrl sample without --chat).",
                JinjaErrorKind.Raised => $"The chat template in {origin} refuses the conversation{place}: {e.Message}",
                _ => $"The chat template in {origin} fails on the conversation{place}: {e.Message}; give it the roles and fields that it is written for.",
            }, e);
        }
    }

    /// <summary>Templates that ask whether there is a date have one for the case that there is none.</summary>
    [GeneratedRegex(@"\bstrftime_now\s+is\s+(not\s+)?(un)?defined\b")]
    private static partial Regex HasOwnDate();

    private sealed record NamedTemplate(JinjaTemplate Parsed, string Origin, bool HasOwnDate);
}
