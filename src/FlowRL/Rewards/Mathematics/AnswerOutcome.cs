namespace FlowRL.Rewards.Mathematics;

/// <summary>What comparing two answers came to.</summary>
public enum AnswerOutcome
{
    /// <summary>The two say the same.</summary>
    Equal,

    /// <summary>They do not.</summary>
    Different,

    /// <summary>One of them could not be read, or the two agree only as far as rounding shows.</summary>
    Undecided,
}
