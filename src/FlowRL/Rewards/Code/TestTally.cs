namespace FlowRL.Rewards.Code;

/// <summary>Counts tests while a program runs and keeps what went wrong first.</summary>
internal sealed class TestTally
{
    private CodeOutcome _outcome = CodeOutcome.Passed;
    private string _reason = "";

    public int Passed { get; private set; }

    public int Total { get; private set; }

    public bool HasFailed => _outcome != CodeOutcome.Passed;

    /// <summary>What the program was seen to do, beside its tests.</summary>
    public string? Observed { get; set; }

    public void Pass() => (Passed, Total) = (Passed + 1, Total + 1);

    public void Fail(CodeOutcome outcome, string reason)
    {
        Total++;
        Note(outcome, reason);
    }

    /// <summary>A failure of the program as a whole, which is no test.</summary>
    public void Note(CodeOutcome outcome, string reason)
    {
        if (!HasFailed) (_outcome, _reason) = (outcome, reason);
    }

    /// <param name="atLeast">Tests that there are, whether or not they were reached.</param>
    public CodeVerdict Verdict(int atLeast)
    {
        var total = Math.Max(Total, atLeast);
        if (!HasFailed && (Passed < total || total == 0)) Note(CodeOutcome.Error, "the tests ended early");
        return new CodeVerdict(_outcome, Passed, total, _reason) { Observed = Observed };
    }
}
