namespace FlowRL.Objectives.PolicyGradient;

/// <summary>What the correction for the sampling policy is made of.</summary>
public enum CorrectionLevel
{
    /// <summary>No weight.</summary>
    None,

    /// <summary>Each token's own ratio.</summary>
    Token,

    /// <summary>The ratio of the whole response, at each of its tokens.</summary>
    Sequence,
}
