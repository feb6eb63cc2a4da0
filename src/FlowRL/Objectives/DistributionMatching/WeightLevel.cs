namespace FlowRL.Objectives.DistributionMatching;

/// <summary>What ratio the importance weight is made of.</summary>
public enum WeightLevel
{
    /// <summary>π_θ(y|x)/π_old(y|x): the product over tokens, which is the exact correction.</summary>
    Sequence,

    /// <summary>The product's |y|-th root, the mean ratio a token: biased, but of bounded variance on long answers.</summary>
    GeometricMean,
}
