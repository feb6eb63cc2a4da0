namespace FlowRL.Objectives.PolicyGradient;

/// <summary>How the costs of tokens become one loss.</summary>
public enum LossAggregation
{
    /// <summary>Mean over the tokens of the mini-batch: long responses weigh more (arXiv 2503.14476, equation 12).</summary>
    TokenMean,

    /// <summary>Mean over each response's tokens, then over responses: a short response's token weighs more (arXiv 2402.03300, equation 3).</summary>
    SequenceMean,

    /// <summary>Sum over tokens divided by the length limit, mean over responses: no weight depends on length (arXiv 2503.20783).</summary>
    Constant,
}
