using FlowRL.Data;
using FlowRL.Tokenization;

namespace FlowRL.Tasks.ProblemSets;

/// <summary>Rows of a problem and its answer.</summary>
internal sealed class AnswerRows(DataOptions options) : IRowReader
{
    private readonly PromptMaker _prompts = new(options.Prompt);
    private RowLayout? _layout;

    public void Open(IReadOnlyList<DataRow> first)
    {
        if (options.Fields.IsComplete)
        {
            _layout = options.Fields.Over(null);
            return;
        }
        var layout = options.Layout == DataOptions.Auto ? RowLayout.Of(first) : RowLayout.Known.SingleOrDefault(known => known.Name == options.Layout);
        _layout = options.Fields.Over(layout ?? throw Unknown(first[0]));
    }

    private BadInputException Unknown(DataRow row)
    {
        var lone = options.Fields.Answer is null ? RowLayout.Known.SelectMany(known => known.Problem).FirstOrDefault(field => row.At(field) is not null) : null;
        return new BadInputException(lone is not null
            ? $"{row.Place}: has a problem ('{lone}') and no answer, and responses are checked against one; name its field in task.data.fields.answer. " +
                "Where reward.parts alone are to score, any text will do as an answer."
            : $"{row.Place}: the fields {string.Join(", ", row.Fields.Select(field => $"'{field.Key}'"))} are no known layout; name the fields in " +
                "task.data.fields (problem, answer), or one of the layouts in task.data.layout.");
    }

    public RowContent? Read(DataRow row, out string problem)
    {
        var layout = _layout!;
        var missing = layout.Problem.Append(layout.Answer).FirstOrDefault(field => row.At(field) is null);
        problem = missing is null ? "" : $"no {missing}";
        if (missing is not null) return null;
        if (FieldText.Of(row.At(layout.Answer)) is not { } written) problem = $"{layout.Answer} is not a text, a number or a list of these";
        else if (layout.Find(written) is not { Length: > 0 } answer) problem = $"no answer in {layout.Answer}";
        else if (ConversationRows.IsPythons(row.At(layout.Problem[0]))) problem = $"{layout.Problem[0]} is a conversation in Python's notation, not in JSON's";
        else if (Prompt(row, layout, out problem) is { } prompt) return new RowContent(prompt, answer, Text(row, layout.Id), Text(row, layout.Solution));
        return null;
    }

    private static string? Text(DataRow row, string? field) => field is null ? null : FieldText.Of(row.At(field));

    private Prompt? Prompt(DataRow row, RowLayout layout, out string problem)
    {
        if (layout.Problem is [var only] && ConversationRows.Find(row.At(only)) is { } messages)
            return ConversationRows.Read(row, only, messages, _prompts, out problem);
        var parts = layout.Problem.Select(field => FieldText.Of(row.At(field))).ToList();
        problem = parts.Contains(null) || parts.All(string.IsNullOrWhiteSpace) ? $"{layout.Problem[0]} is neither a text nor a conversation" : "";
        return problem == "" ? _prompts.Of(string.Join(' ', parts)) : null;
    }
}
