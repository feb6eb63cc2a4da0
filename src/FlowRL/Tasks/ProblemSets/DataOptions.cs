using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Tasks.Code;

namespace FlowRL.Tasks.ProblemSets;

/// <summary>Files of problems and how they are read.</summary>
public sealed record DataOptions : IValidated
{
    [Description("Files of training problems: .jsonl, .json, .csv, .tsv (each also .gz) or .parquet; or of a data set of the hub, " +
        "as in openai/gsm8k:main/train-00000-of-00001.parquet.")]
    public IReadOnlyList<string> Train { get; init; } = [];

    [Description("Files of validation problems.")]
    public IReadOnlyList<string> Validation { get; init; } = [];

    [Description("Files of test problems.")]
    public IReadOnlyList<string> Test { get; init; } = [];

    [Description("Layout of the rows: auto, or by name. Of answers: verl, gsm8k, svamp, mawps, olympiadbench, problem_answer, math, minerva, " +
        "question_answer, prompt_answer. Of programs: evalplus, humaneval, mbpp, multipl_e, livecodebench, verl_code, tests.")]
    public string Layout { get; init; } = Auto;

    [Description("Fields of rows in another layout.")]
    public FieldMapping Fields { get; init; } = new();

    [Description("How a problem becomes a prompt.")]
    public PromptOptions Prompt { get; init; } = new();

    [Description("Rows that cannot be used: refuse (with file and line), or skip (counted and reported).")]
    public DamagedRows Damaged { get; init; } = DamagedRows.Refuse;

    [Description("Problems with more characters than this are left out, counted; 0 sets no limit. Tokens are checked by rollout.max_prompt_tokens.")]
    [Range(0, 1 << 24)]
    public int MaxProblemCharacters { get; init; }

    [Description("Share of the training problems that is kept apart for validation where no validation files are given; chosen by the problem's text.")]
    [Range(0.0, 0.9)]
    public double ValidationShare { get; init; } = 0.05;

    [Description("Seed of the order of problems; 0 keeps that of the files.")]
    [Range(0L, long.MaxValue)]
    public long Shuffle { get; init; } = 1;

    internal const string Auto = "auto";

    public IEnumerable<string> Validate()
    {
        string[] known = [Auto, .. RowLayout.Known.Select(layout => layout.Name), .. CodeLayout.Known.Select(layout => layout.Name)];
        if (!known.Contains(Layout))
        {
            var near = Spelling.Nearest(Layout, known);
            yield return $"layout: '{Layout}' is not known{(near is null ? "" : $"; did you mean '{near}'?")}";
        }
    }
}

/// <summary>What happens to rows that cannot be used.</summary>
public enum DamagedRows
{
    /// <summary>The first one ends the command, with its place.</summary>
    Refuse,

    /// <summary>They are left out, counted and reported.</summary>
    Skip,
}
