namespace FlowRL.Objectives.DistributionMatching;

/// <summary>How β reaches its final value.</summary>
public enum BetaScheduleKind
{
    /// <summary>β from the first step.</summary>
    Constant,

    /// <summary>A straight line.</summary>
    Linear,

    /// <summary>Half a cosine: slow at both ends.</summary>
    Cosine,
}
