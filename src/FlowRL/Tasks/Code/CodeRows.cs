using FlowRL.Data;
using FlowRL.Tasks.ProblemSets;

namespace FlowRL.Tasks.Code;

/// <summary>Rows of programming problems. Keeps what decides each problem beside its prompt.</summary>
internal sealed class CodeRows(DataOptions options) : IRowReader
{
    private readonly PromptMaker _prompts = new(options.Prompt);
    private CodeLayout? _layout;

    /// <summary>What decides, by the prompt's text.</summary>
    public Dictionary<string, CodeProblem> Problems { get; } = [];

    public void Open(IReadOnlyList<DataRow> first)
    {
        var layout = options.Layout == DataOptions.Auto ? LayoutChoice.Of(CodeLayout.Known, first, (known, row) => known.Fits(row))
            : CodeLayout.Known.FirstOrDefault(known => known.Name == options.Layout);
        _layout = layout ?? throw new BadInputException(
            $"{first[0].Place}: the fields {string.Join(", ", first[0].Fields.Select(field => $"'{field.Key}'"))} are no known layout of programming " +
            $"problems; there are {string.Join(", ", CodeLayout.Known.Select(known => known.Name))} (docs/code.md).");
    }

    public RowContent? Read(DataRow row, out string problem)
    {
        if (_layout!.Read(row, out problem) is not { } content) return null;
        // A conversation keeps its own words unless the recipe has a template.
        var prompt = ConversationRows.Find(row.At("prompt")) is { } messages ? ConversationRows.Read(row, "prompt", messages, _prompts, out problem)
            : _prompts.Of(content.Text);
        if (prompt is null) return null;
        Problems.TryAdd(prompt.Text, content.Problem);
        return new RowContent(prompt, Answer(row), content.Id, content.Solution);
    }

    private static string Answer(DataRow row) => (row.At("tests") ?? row.At("test") ?? row.At("test_list") ?? row.At("input_output") ??
        row.At("reward_model.ground_truth") ?? row.At("public_test_cases") ?? row.At("canonical_solution"))?.ToString() ?? "";
}
