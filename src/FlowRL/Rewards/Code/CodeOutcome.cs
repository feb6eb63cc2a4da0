namespace FlowRL.Rewards.Code;

/// <summary>What running a program against its tests came to.</summary>
public enum CodeOutcome
{
    /// <summary>Every test passed.</summary>
    Passed,

    /// <summary>It ran, and an answer was wrong.</summary>
    Failed,

    /// <summary>It does not load, raised an exception, or ended before its time.</summary>
    Error,

    /// <summary>It used up its time.</summary>
    Timeout,

    /// <summary>It used up its memory.</summary>
    Memory,

    /// <summary>It was not run: there is no program, or one too long.</summary>
    Refused,
}
