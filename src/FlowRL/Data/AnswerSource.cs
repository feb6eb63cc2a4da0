namespace FlowRL.Data;

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
