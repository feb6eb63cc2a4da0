using FlowRL.Data;
using FlowRL.Verifiers.Mathematics;

namespace FlowRL.Tasks.ProblemSets;

/// <summary>Where a row has its problem, answer, solution and id. Paths go into nested objects with points.</summary>
/// <param name="Name">As recipes name it.</param>
/// <param name="Problem">Fields that make up the problem; more than one is joined by a space.</param>
/// <param name="Answer">The field with the answer.</param>
internal sealed record RowLayout(string Name, IReadOnlyList<string> Problem, string Answer)
{
    /// <summary>How the answer stands in its field.</summary>
    public AnswerSource AnswerSource { get; init; }

    /// <summary>The field with a worked solution; null where the layout has none.</summary>
    public string? Solution { get; init; }

    /// <summary>The field that tells rows apart; null takes file and line.</summary>
    public string? Id { get; init; }

    /// <summary>The layouts that are recognised, most particular first.</summary>
    public static IReadOnlyList<RowLayout> Known { get; } =
    [
        new("verl", ["prompt"], "reward_model.ground_truth"), // also DAPO-Math-17k
        new("gsm8k", ["question"], "answer") { AnswerSource = AnswerSource.Hashes, Solution = "answer" },
        new("svamp", ["Body", "Question"], "Answer") { Solution = "Equation", Id = "ID" },
        new("mawps", ["input"], "target") { Id = "idx" },
        new("olympiadbench", ["question"], "final_answer") { Id = "id" },
        new("problem_answer", ["problem"], "answer") { Solution = "solution", Id = "id" },
        new("math", ["problem"], "solution") { AnswerSource = AnswerSource.Boxed, Solution = "solution" },
        new("minerva", ["problem"], "solution") { AnswerSource = AnswerSource.Boxed, Solution = "solution" },
        new("question_answer", ["question"], "answer") { Id = "id" },
        new("prompt_answer", ["prompt"], "answer") { Id = "id" },
    ];

    /// <summary>
    /// The known layout that most of a file's first rows fit. Where none fits any, the one whose fields they have without a word in them, so that
    /// each such row is told by itself; null where there is none either.
    /// </summary>
    public static RowLayout? Of(IReadOnlyList<DataRow> first) => LayoutChoice.Of(Known, first, (layout, row) => layout.Fits(row))
        ?? LayoutChoice.Of([.. Known.OrderBy(layout => layout.AnswerSource)], first, (layout, row) => layout.IsNamedIn(row));

    private bool IsNamedIn(DataRow row) => Problem.Append(Answer).All(field => row.Fields.ContainsKey(field.Split('.')[0]));

    private bool Fits(DataRow row) => Problem.All(field => row.At(field) is not null) && row.At(Answer) is { } answer
        && (AnswerSource == AnswerSource.Field || (FieldText.Of(answer) is { } text && Find(text) is not null));

    /// <summary>The answer in the text of its field; null where it holds none.</summary>
    internal string? Find(string text) => AnswerSource switch
    {
        AnswerSource.Hashes => text.LastIndexOf("####", StringComparison.Ordinal) is >= 0 and var at
            ? text[(at + 4)..].Trim().Replace(",", "", StringComparison.Ordinal) : null,
        AnswerSource.Boxed => FinalAnswer.Extract(text, Box),
        _ => text.Trim(),
    };

    private static readonly ExtractionOptions Box = new() { Places = [AnswerPlace.Boxed], AfterThinking = false };
}

/// <summary>How a row's answer stands in its field.</summary>
public enum AnswerSource
{
    /// <summary>The field is the answer.</summary>
    Field,

    /// <summary>The answer is what follows the last #### of the field.</summary>
    Hashes,

    /// <summary>The answer is in the last \boxed{} of the field.</summary>
    Boxed,
}
