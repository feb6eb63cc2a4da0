using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Tasks.ProblemSets;

namespace FlowRL.Training.Supervised;

/// <summary>Files of examples to learn from, and what of each is taught.</summary>
public sealed record ExampleOptions : IValidated
{
    [Description("Files of examples: .jsonl, .json, .csv, .tsv (each also .gz) or .parquet.")]
    public IReadOnlyList<string> Train { get; init; } = [];

    [Description("Files of examples for the validation loss; training examples that stand in them too are left out.")]
    public IReadOnlyList<string> Validation { get; init; } = [];

    [Description("Share of the training examples that is kept apart for the validation loss where no validation files are given; chosen by what they say.")]
    [Range(0.0, 0.9)]
    public double ValidationShare { get; init; } = 0.05;

    [Description("Layout of the rows; recognised by their fields unless given.")]
    public ExampleLayout? Layout { get; init; }

    [Description("Fields of rows that name them otherwise.")]
    public ExampleFields Fields { get; init; } = new();

    [Description("How a prompt becomes what the model reads, and what the chat template is given. Conversations keep their own words: template and chat " +
        "are for prompts and instructions.")]
    public PromptOptions Prompt { get; init; } = new();

    [Description("Which tokens are taught: assistant (of conversations all that the assistant writes with the ends of its turns, of pairs the completion), " +
        "last (of conversations the last answer alone), or all (every token but the first). Of texts it is always all.")]
    public TaughtTokens Loss { get; init; } = TaughtTokens.Assistant;

    [Description("Tokens that an example may have; 0 allows as many as the model's context, and with packing as a pack.")]
    [Range(0, 1 << 24)]
    public int MaxTokens { get; init; }

    [Description("Examples with more tokens: cut (their end is left out; counted and said), skip (left out as a whole; counted and said), or refuse.")]
    public LongExamples Long { get; init; } = LongExamples.Cut;

    [Description("Rows that cannot be used, or that the chat template refuses: refuse (with file and line), or skip (counted and said).")]
    public DamagedRows Damaged { get; init; } = DamagedRows.Refuse;

    public IEnumerable<string> Validate()
    {
        if (Train.Count == 0) yield return "train: names no file; there is nothing to learn from.";
        if (Fields.Prompt is null != Fields.Completion is null)
            yield return "fields: a prompt and its completion belong together; give both fields, or neither.";
        if (new[] { Fields.Messages, Fields.Prompt, Fields.Text }.Count(field => field is not null) > 1)
            yield return "fields: name one kind of row; give messages, prompt and completion, or text.";
    }
}

/// <summary>What a row is.</summary>
public enum ExampleLayout
{
    /// <summary>A conversation: a list of messages, with role and content or with from and value.</summary>
    Messages,

    /// <summary>A prompt and its completion, each a text or a list of messages.</summary>
    PromptCompletion,

    /// <summary>An instruction, perhaps an input, and the output.</summary>
    Instruction,

    /// <summary>A text, taken as it stands, special tokens in it included.</summary>
    Text,
}

/// <summary>Which tokens of an example are taught.</summary>
public enum TaughtTokens
{
    /// <summary>What the assistant writes, and the ends of its turns.</summary>
    Assistant,

    /// <summary>The same of its last message alone.</summary>
    Last,

    /// <summary>Every token but the first.</summary>
    All,
}

/// <summary>What happens to examples with more tokens than are allowed.</summary>
public enum LongExamples
{
    /// <summary>What goes beyond is left out.</summary>
    Cut,

    /// <summary>The example is left out.</summary>
    Skip,

    /// <summary>The first one ends the command, with its place.</summary>
    Refuse,
}

/// <summary>Fields of rows that no known layout describes.</summary>
public sealed record ExampleFields
{
    [Description("Field with the conversation; points go into nested objects: extra.chat.")]
    public string? Messages { get; init; }

    [Description("Field with the prompt, for rows of a prompt and its completion.")]
    public string? Prompt { get; init; }

    [Description("Field with the completion.")]
    public string? Completion { get; init; }

    [Description("Field with a text to be taken as it stands.")]
    public string? Text { get; init; }
}
