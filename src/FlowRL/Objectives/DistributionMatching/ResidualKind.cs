namespace FlowRL.Objectives.DistributionMatching;

/// <summary>The shape of <see cref="ResidualLoss"/>.</summary>
public enum ResidualKind
{
    /// <summary>u², the paper's.</summary>
    Squared,

    /// <summary>u² up to |u| = 1, then a straight line: the gradient is bounded.</summary>
    Huber,

    /// <summary>2·(eᵘ − u − 1): steep where the policy gives too much, gentle where it gives too little.</summary>
    Linex,

    /// <summary>2·(cosh u − 1): steeper than the square on both sides.</summary>
    ShiftedCosh,
}
