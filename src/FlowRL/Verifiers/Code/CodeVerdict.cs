namespace FlowRL.Verifiers.Code;

/// <summary>What the tests say of one program.</summary>
/// <param name="Outcome">What it came to; of several failures, the first.</param>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Total">Tests that there are, as far as they were counted before the program ended.</param>
/// <param name="Reason">What went wrong, in words; empty where nothing did.</param>
public sealed record CodeVerdict(CodeOutcome Outcome, int Passed, int Total, string Reason)
{
    /// <summary>What the program gave where it was only observed; null where it was not.</summary>
    public string? Observed { get; init; }

    /// <summary>How long the slowest test took, on the clock.</summary>
    public TimeSpan Longest { get; init; }

    public bool IsCorrect => Outcome == CodeOutcome.Passed;

    /// <summary>Share of the tests that passed, 0 without tests.</summary>
    public double Share => Total == 0 ? 0 : (double)Passed / Total;
}

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
