using FlowRL.Data;
using FlowRL.Tasks.ProblemSets;
using FlowRL.Tokenization;

namespace FlowRL.Training.Supervised;

/// <summary>Rows of files, in the layouts that people have, as examples.</summary>
internal sealed class ExampleRows
{
    private readonly ExampleOptions _options;
    private readonly PromptMaker _prompts;
    private readonly PromptMaker _conversations;
    private Row? _row;

    /// <summary>Where rows of a layout have what.</summary>
    /// <param name="Layout">What they are.</param>
    /// <param name="First">The field of the conversation, prompt, instruction or text.</param>
    /// <param name="Second">The field of the completion or output.</param>
    private sealed record Row(ExampleLayout Layout, string First, string? Second = null);

    /// <summary>Most particular first.</summary>
    private static readonly Row[] Known =
    [
        new(ExampleLayout.Messages, "messages"), new(ExampleLayout.Messages, "conversations"), new(ExampleLayout.Messages, "conversation"),
        new(ExampleLayout.PromptCompletion, "prompt", "completion"), new(ExampleLayout.PromptCompletion, "prompt", "response"),
        new(ExampleLayout.Instruction, "instruction", "output"), new(ExampleLayout.Instruction, "instruction", "response"),
        new(ExampleLayout.PromptCompletion, "query", "response"), new(ExampleLayout.PromptCompletion, "question", "answer"),
        new(ExampleLayout.Text, "text"),
    ];

    /// <exception cref="BadInputException">The file of tools is missing or damaged.</exception>
    public ExampleRows(ExampleOptions options)
    {
        _options = options;
        _prompts = new PromptMaker(options.Prompt);
        _conversations = new PromptMaker(options.Prompt with { Template = null });
    }

    /// <summary>Prepares for the rows of a file.</summary>
    /// <param name="first">Its first rows, one or more.</param>
    /// <exception cref="BadInputException">The rows have no layout that is known.</exception>
    public void Open(IReadOnlyList<DataRow> first) => _row = Mapped(_options.Fields) ?? LayoutChoice.Of(
        [.. Known.Where(row => _options.Layout is null || row.Layout == _options.Layout)], first, Fits) ?? throw new BadInputException(
            $"{first[0].Place}: the fields {string.Join(", ", first[0].Fields.Select(field => $"'{field.Key}'"))} are no known layout of examples; there are " +
            "messages or conversations, prompt and completion, instruction and output, and text. Name yours in data.fields.");

    /// <summary>The example; null with a reason where there is none.</summary>
    public WrittenExample? Read(DataRow row, out string problem)
    {
        var (layout, first, second) = _row!;
        var missing = new[] { first, second }.FirstOrDefault(field => field is not null && row.At(field) is null);
        problem = missing is null ? "" : $"no {missing}";
        if (missing is not null) return null;
        if (ConversationRows.IsPythons(row.At(first))) problem = $"{first} is a conversation in Python's notation, not in JSON's";
        else if (layout == ExampleLayout.Text) return Whole(row, first, out problem);
        else return layout == ExampleLayout.Messages ? Conversation(row, first, out problem) : Pair(row, first, second!, out problem);
        return null;
    }

    private static Row? Mapped(ExampleFields fields) => fields switch
    {
        { Messages: { } messages } => new(ExampleLayout.Messages, messages),
        { Prompt: { } prompt, Completion: { } completion } => new(ExampleLayout.PromptCompletion, prompt, completion),
        { Text: { } text } => new(ExampleLayout.Text, text),
        _ => null,
    };

    private static bool Fits(Row known, DataRow row) => row.At(known.First) is not null && (known.Second is null || row.At(known.Second) is not null);

    private static WrittenExample.Whole? Whole(DataRow row, string field, out string problem)
    {
        var text = FieldText.Of(row.At(field));
        problem = text is null ? $"{field} is not a text" : text == "" ? $"{field} is empty" : "";
        return problem == "" ? new WrittenExample.Whole(text!) : null;
    }

    private WrittenExample.Conversation? Conversation(DataRow row, string field, out string problem)
    {
        if (ConversationRows.Find(row.At(field)) is not { } messages)
        {
            problem = $"{field} is not a conversation";
            return null;
        }
        if (ConversationRows.Read(row, field, messages, _conversations, out problem) is not { } chat) return null;
        if (Unweighed(chat, field) is { } weight)
        {
            problem = weight;
            return null;
        }
        return new WrittenExample.Conversation(WithSystem(chat, row), 0);
    }

    private WrittenExample? Pair(DataRow row, string first, string second, out string problem)
    {
        var answer = ConversationRows.Find(row.At(second)) is { } list ? ConversationRows.Read(row, second, list, _conversations, out problem)?.Messages
            : Text(row, second, out problem) is { } completion ? [new ChatMessage("assistant", completion)] : null;
        if (answer is null) return null;
        if (ConversationRows.Find(row.At(first)) is { } messages)
        {
            return ConversationRows.Read(row, first, messages, _prompts, out problem) is { } asked ? Answered(WithSystem(asked, row), answer) : null;
        }
        if (Text(row, first, out problem) is not { } prompt) return null;
        if (_row!.Layout == ExampleLayout.Instruction && FieldText.Of(row.At("input")) is { Length: > 0 } input) prompt = $"{prompt}\n\n{input}";
        if (_prompts.Of(prompt) is Prompt.Chat chat) return Answered(WithSystem(chat, row), answer);
        if (answer is [{ Role: "assistant", Fields: null } only] && row.At("tools") is null)
            return new WrittenExample.Pair(System(row) is { } system ? $"{system}\n\n{_prompts.Text(prompt)}" : _prompts.Text(prompt), only.Content);
        problem = $"{second} is a conversation and {first} is not; set data.prompt.chat to true";
        return null;
    }

    private static WrittenExample.Conversation Answered(Prompt.Chat asked, IReadOnlyList<ChatMessage> answer) =>
        new(asked with { Messages = [.. asked.Messages, .. answer] }, asked.Messages.Count);

    private static string? Text(DataRow row, string field, out string problem)
    {
        var text = FieldText.Of(row.At(field));
        problem = text is null ? $"{field} is neither a text nor a conversation" : text == "" ? $"{field} is empty" : "";
        return problem == "" ? text : null;
    }

    private static string? System(DataRow row) => FieldText.Of(row.At("system")) is { Length: > 0 } text ? text : null;

    /// <summary>With the row's own system text before it, where there is no system message.</summary>
    private static Prompt.Chat WithSystem(Prompt.Chat chat, DataRow row) => System(row) is { } system && chat.Messages[0].Role != "system"
        ? chat with { Messages = [new ChatMessage("system", system), .. chat.Messages] } : chat;

    /// <summary>What is wrong with a message's weight; null where nothing is.</summary>
    private static string? Unweighed(Prompt.Chat chat, string field) => chat.Messages.Index()
        .Where(turn => turn.Item.Fields?["weight"] is { } weight && FieldText.Of(weight) is not ("0" or "1"))
        .Select(turn => $"{field}[{turn.Index}].weight is neither 0, which leaves a message out of what is taught, nor 1").FirstOrDefault();
}
