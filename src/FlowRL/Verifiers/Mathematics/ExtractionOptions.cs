using System.ComponentModel;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>How a final answer is found in a response.</summary>
public sealed record ExtractionOptions
{
    [Description("Where the answer is looked for, first to last: boxed, hashes, phrase, brackets, last_number, last_line, whole.")]
    public IReadOnlyList<AnswerPlace> Places { get; init; } = [AnswerPlace.Boxed, AnswerPlace.Hashes, AnswerPlace.Phrase];

    [Description("Whether only the text after a closing </think> counts; a response that opens <think> and never closes it has no answer then.")]
    public bool AfterThinking { get; init; } = true;

    /// <summary>GSM8K: the number after ####, and nothing else.</summary>
    public static ExtractionOptions Gsm8kStrict { get; } = new() { Places = [AnswerPlace.Hashes] };

    /// <summary>GSM8K: the last number wherever it stands.</summary>
    public static ExtractionOptions Gsm8kFlexible { get; } = new() { Places = [AnswerPlace.LastNumber] };
}

/// <summary>Where in a response its final answer is looked for.</summary>
public enum AnswerPlace
{
    /// <summary>What the last \boxed{} holds.</summary>
    Boxed,

    /// <summary>The number after the last ####, as GSM8K's own solutions end.</summary>
    Hashes,

    /// <summary>What follows the last "the answer is", "answer:" or "A:", to the end of the sentence.</summary>
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
