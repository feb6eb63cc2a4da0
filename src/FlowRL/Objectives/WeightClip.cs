namespace FlowRL.Objectives;

/// <summary>How the importance weight is bounded.</summary>
public enum WeightClip
{
    /// <summary>To [1 − ε_low, 1 + ε_high].</summary>
    TwoSided,

    /// <summary>To at most <see cref="FlowRLOptions.WeightCap"/>.</summary>
    Cap,

    /// <summary>Not at all, but for the bound that keeps it finite.</summary>
    None,
}
