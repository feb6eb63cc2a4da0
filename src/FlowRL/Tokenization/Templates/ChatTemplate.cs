using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FlowRL.Tokenization.Templates;

/// <summary>
/// Turns a conversation into a prompt as the model was taught to read it. Templates are recognised, not run: ChatML as Qwen writes it
/// and Llama-3's are rendered exactly, any other is refused with <see cref="BadInputException"/>.
/// </summary>
internal abstract partial class ChatTemplate
{
    private static readonly (string Mark, string Name)[] OtherFamilies =
    [
        ("<<SYS>>", "Llama-2"), ("[INST]", "Mistral"), ("<start_of_turn>", "Gemma"), ("<｜User｜>", "DeepSeek"),
        ("<|channel|>", "Harmony"), ("<|assistant|>", "Zephyr or Phi-3"), ("<|im_sep|>", "Phi-4"),
        ("<|START_OF_TURN_TOKEN|>", "Command R"), ("### Instruction", "Alpaca"),
    ];

    /// <summary>The kind of template: <c>ChatML</c>, <c>Qwen3</c>, <c>Llama-3</c> or <c>Llama-3.1</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Reads the template beside a tokenizer: chat_template.jinja, else <c>chat_template</c> in tokenizer_config.json.</summary>
    /// <param name="path">A model's folder, or the tokenizer.json in it.</param>
    public static ChatTemplate Load(string path) => From(TokenizerFiles.Read(path));

    /// <summary>The template that came with a tokenizer.</summary>
    public static ChatTemplate Of(PretrainedTokenizer tokenizer) => From(tokenizer.Files);

    /// <param name="template">The template's source (Jinja).</param>
    /// <param name="origin">Where it comes from, for messages.</param>
    public static ChatTemplate Parse(string template, string origin)
    {
        var markers = MarkerPattern().Matches(template).Select(m => m.Value).ToHashSet();
        if (markers.IsSupersetOf(ChatMlTemplate.Markers) && markers.IsSubsetOf([.. ChatMlTemplate.Markers, "<|endoftext|>"])
            && !template.Contains("strftime_now", StringComparison.Ordinal))
            return new ChatMlTemplate(template);
        if (markers.IsSupersetOf(Llama3Template.Markers)
            && markers.IsSubsetOf([.. Llama3Template.Markers, .. Llama3Template.OtherMarkers]))
            return new Llama3Template(template);
        var family = OtherFamilies.FirstOrDefault(f => template.Contains(f.Mark, StringComparison.Ordinal)).Name;
        var start = string.Join(' ', template.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        throw new BadInputException($"The chat template in {origin} is of {(family is null ? "an unknown" : $"the {family}")} kind " +
            $"(\"{(start.Length > 60 ? start[..60] + "…" : start)}\"), and only ChatML (Qwen) and Llama-3 templates are rendered; " +
            "take a model of these families, or use plain prompts (task.data.prompt.chat: false; flowrl sample without --chat).");
    }

    /// <summary>The conversation as text, special tokens spelled out (the begin of sequence included where the template has one).</summary>
    /// <param name="messages">At least one; a system message only in the first place.</param>
    /// <param name="addGenerationPrompt">Whether to end with the opening of an assistant's turn.</param>
    /// <param name="enableThinking">False closes the thinking at once where the template has that switch (Qwen3).</param>
    public string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = true, bool enableThinking = true) =>
        string.Concat(Checked(messages, addGenerationPrompt, enableThinking).Select(s => s.Text));

    /// <summary>
    /// The conversation as token ids. Only the template's own markers become special tokens: what a message says stays text. Put no
    /// begin of sequence before it.
    /// </summary>
    /// <inheritdoc cref="Render"/>
    public int[] Encode(
        ITokenizer tokenizer, IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = true, bool enableThinking = true)
    {
        var ids = new List<int>();
        var text = new StringBuilder();
        foreach (var segment in Checked(messages, addGenerationPrompt, enableThinking))
        {
            // Neighbouring texts are encoded as one: merges may span from a role's line into the content.
            if (!segment.IsMarker)
            {
                text.Append(segment.Text);
                continue;
            }
            ids.AddRange(tokenizer.Encode(text.ToString()));
            text.Clear();
            ids.Add(tokenizer.Encode(segment.Text, parseSpecial: true) is [var id] ? id : throw new BadInputException(
                $"The vocabulary has no token {segment.Text}, which the {Name} chat template needs; " +
                "use the tokenizer that belongs to the template."));
        }
        ids.AddRange(tokenizer.Encode(text.ToString()));
        return ids.ToArray();
    }

    internal abstract IEnumerable<ChatSegment> Segments(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, bool enableThinking);

    private IEnumerable<ChatSegment> Checked(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, bool enableThinking)
    {
        if (messages.Count == 0)
            throw new BadInputException("The conversation has no message; give at least one.");
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i].Role is not ("user" or "assistant") && (messages[i].Role != "system" || i > 0))
                throw new BadInputException($"Message {i + 1} of the conversation has the role \"{messages[i].Role}\"; " +
                    "use user and assistant, and system only for the first.");
        }
        return Segments(messages, addGenerationPrompt, enableThinking);
    }

    private static ChatTemplate From(TokenizerFiles files)
    {
        if (files.Text(TokenizerFiles.Template) is { } jinja)
            return Parse(jinja, files.PathOf(TokenizerFiles.Template));
        if (files.Json(TokenizerFiles.Config)?["chat_template"] is not { IsNull: false } place)
            throw new BadInputException($"There is no chat template beside {files.PathOf(TokenizerFiles.Tokenizer)}: neither " +
                "chat_template.jinja nor chat_template in tokenizer_config.json; " +
                "take an instruction-tuned model, or use plain prompts (task.data.prompt.chat: false; flowrl sample without --chat).");
        var named = place.Kind == JsonValueKind.Array
            ? place.Items().FirstOrDefault(t => t["name"].Text == "default") is { File: not null } found
                ? found["template"] : throw place.Wrong("has no template named default")
            : place;
        return Parse(named.Text, $"{files.PathOf(TokenizerFiles.Config)} (chat_template)");
    }

    [GeneratedRegex(@"<\|\w+\|>")]
    private static partial Regex MarkerPattern();
}

/// <summary>A part of a rendered conversation: one of the template's own special tokens, or text.</summary>
internal readonly record struct ChatSegment(string Text, bool IsMarker);
