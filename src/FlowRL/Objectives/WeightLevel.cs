namespace FlowRL.Objectives;

/// <summary>What the importance ratio is taken over.</summary>
public enum WeightLevel
{
    /// <summary>The whole response: the product of the token ratios.</summary>
    Sequence,

    /// <summary>The geometric mean of the token ratios: less variance on long responses, but biased.</summary>
    GeometricMean,
}
