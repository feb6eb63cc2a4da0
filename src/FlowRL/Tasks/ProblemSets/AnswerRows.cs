using System.Text.Json.Nodes;
using FlowRL.Data;
using FlowRL.Tokenization;

namespace FlowRL.Tasks.ProblemSets;

/// <summary>Rows of a problem and its answer.</summary>
internal sealed class AnswerRows(DataOptions options) : IRowReader
{
    private RowLayout? _layout;

    public void Open(DataRow first)
    {
        if (options.Fields.IsComplete)
        {
            _layout = options.Fields.Over(null);
            return;
        }
        var layout = options.Layout == DataOptions.Auto ? RowLayout.Of(first) : RowLayout.Known.SingleOrDefault(known => known.Name == options.Layout);
        _layout = options.Fields.Over(layout ?? throw new BadInputException(
            $"{first.Place}: the fields {string.Join(", ", first.Fields.Select(field => $"'{field.Key}'"))} are no known layout; name the fields in " +
            "task.data.fields (problem, answer), or one of the layouts in task.data.layout."));
    }

    public RowContent? Read(DataRow row, out string problem)
    {
        var layout = _layout!;
        var missing = layout.Problem.Append(layout.Answer).FirstOrDefault(field => row.At(field) is null);
        problem = missing is null ? "" : $"no {missing}";
        if (missing is not null) return null;
        if (FieldText.Of(row.At(layout.Answer)) is not { } written) problem = $"{layout.Answer} is not a text, a number or a list of these";
        else if (layout.Find(written) is not { Length: > 0 } answer) problem = $"no answer in {layout.Answer}";
        else if (Prompt(row, layout) is not { } prompt) problem = $"{layout.Problem[0]} is neither a text nor a conversation";
        else return new RowContent(prompt, answer, Text(row, layout.Id), Text(row, layout.Solution));
        return null;
    }

    private static string? Text(DataRow row, string? field) => field is null ? null : FieldText.Of(row.At(field));

    private Prompt? Prompt(DataRow row, RowLayout layout)
    {
        if (layout.Problem is [var only] && row.At(only) is JsonArray messages) return ConversationRows.Read(messages, options.Prompt);
        var parts = layout.Problem.Select(field => FieldText.Of(row.At(field))).ToList();
        return parts.Contains(null) || parts.All(string.IsNullOrWhiteSpace) ? null : options.Prompt.Of(string.Join(' ', parts));
    }
}

/// <summary>Conversations in rows: lists of messages with <c>role</c> and <c>content</c>.</summary>
internal static class ConversationRows
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
