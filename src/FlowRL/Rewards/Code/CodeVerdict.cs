namespace FlowRL.Rewards.Code;

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
