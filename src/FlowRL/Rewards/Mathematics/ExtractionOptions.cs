using System.ComponentModel;

namespace FlowRL.Rewards.Mathematics;

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
