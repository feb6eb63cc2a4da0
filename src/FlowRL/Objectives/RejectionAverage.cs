namespace FlowRL.Objectives;

/// <summary>What the negative log-likelihood is averaged over.</summary>
public enum RejectionAverage
{
    /// <summary>Tokens: long answers weigh more, as in supervised training on packed sequences.</summary>
    Token,

    /// <summary>Responses: each answer weighs the same, whatever its length.</summary>
    Sequence,
}
