namespace FlowRL.Rewards.Mathematics;

/// <summary>What 10% is.</summary>
public enum PercentRule
{
    /// <summary>10 or 0.1, whichever the other answer is.</summary>
    Either,

    /// <summary>0.1.</summary>
    Ratio,

    /// <summary>10: the sign is dropped like a unit.</summary>
    Number,
}
