using System.ComponentModel;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>How a final answer is found in a response.</summary>
public sealed record ExtractionOptions
{
    [Description("Where the answer is looked for, first to last: boxed, hashes, phrase, brackets, last_number, last_line, whole.")]
    public IReadOnlyList<AnswerPlace> Places { get; init; } = [AnswerPlace.Boxed, AnswerPlace.Hashes, AnswerPlace.Phrase];

    [Description("Whether only the text after a closing </think> counts; a response that opens <think> and never closes it has no answer then.")]
    public bool AfterThinking { get; init; } = true;

    [Description("What several boxes say: joined (x = \\boxed{3} and y = \\boxed{4} is 3, 4, where only such words stand between them), or last.")]
    public BoxRule Boxes { get; init; } = BoxRule.Joined;

    /// <summary>GSM8K: the number after ####, and nothing else.</summary>
    public static ExtractionOptions Gsm8kStrict { get; } = new() { Places = [AnswerPlace.Hashes] };

    /// <summary>GSM8K: the last number wherever it stands.</summary>
    public static ExtractionOptions Gsm8kFlexible { get; } = new() { Places = [AnswerPlace.LastNumber] };
}

/// <summary>What several boxes in a response say.</summary>
public enum BoxRule
{
    /// <summary>One answer, where only commas, "and", "or", names with an equals sign or labels stand between them; else the last box counts.</summary>
    Joined,

    /// <summary>The last box counts.</summary>
    Last,
}

/// <summary>Where in a response its final answer is looked for.</summary>
public enum AnswerPlace
{
    /// <summary>What the last \boxed{} holds that is not empty, or the last few, as <see cref="ExtractionOptions.Boxes"/> says.</summary>
    Boxed,

    /// <summary>The number after the last ####, as GSM8K's own solutions end.</summary>
    Hashes,

    /// <summary>
    /// What the last &lt;answer&gt; tag holds, or follows the last "the answer is", "answer:", "A:" or heading "Answer", to the end of the sentence.
    /// </summary>
    Phrase,

    /// <summary>What the last [ ] without brackets inside holds, as geometry data sets write it.</summary>
    Brackets,

    /// <summary>The last number of the text.</summary>
    LastNumber,

    /// <summary>The last line that is not empty.</summary>
    LastLine,

    /// <summary>The whole response.</summary>
    Whole,
}
