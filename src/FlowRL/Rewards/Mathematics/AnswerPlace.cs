namespace FlowRL.Rewards.Mathematics;

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
