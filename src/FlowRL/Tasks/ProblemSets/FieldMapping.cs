using System.ComponentModel;

namespace FlowRL.Tasks.ProblemSets;

/// <summary>Fields of rows that no known layout describes. What is given here stands above the layout.</summary>
public sealed record FieldMapping
{
    [Description("Field of the problem; points go into nested objects: extra.question.")]
    public string? Problem { get; init; }

    [Description("Field of the answer.")]
    public string? Answer { get; init; }

    [Description("How the answer stands in its field: field (all of it), hashes (after ####), boxed (in the last \\boxed{}).")]
    public AnswerSource? AnswerSource { get; init; }

    [Description("Field of a worked solution, for flowrl sft.")]
    public string? Solution { get; init; }

    [Description("Field that tells rows apart; file and line unless given.")]
    public string? Id { get; init; }

    internal bool IsComplete => Problem is not null && Answer is not null;

    internal RowLayout Over(RowLayout? layout) =>
        new(layout?.Name ?? "mapped", Problem is null ? layout!.Problem : [Problem], Answer ?? layout!.Answer)
        {
            AnswerSource = AnswerSource ?? (Answer is null ? layout!.AnswerSource : FlowRL.Tasks.ProblemSets.AnswerSource.Field),
            Solution = Solution ?? layout?.Solution,
            Id = Id ?? layout?.Id,
        };
}
