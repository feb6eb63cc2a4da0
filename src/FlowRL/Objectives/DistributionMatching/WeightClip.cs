namespace FlowRL.Objectives.DistributionMatching;

/// <summary>Where the importance weight is cut off.</summary>
public enum WeightClip
{
    /// <summary>To [1 − ε_low, 1 + ε_high].</summary>
    TwoSided,

    /// <summary>From above only, at the cap.</summary>
    UpperBound,

    /// <summary>Nowhere.</summary>
    None,
}
