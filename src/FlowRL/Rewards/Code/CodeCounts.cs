namespace FlowRL.Rewards.Code;

/// <summary>What came of a file of programs: how many of each outcome.</summary>
public sealed record CodeCounts(int Passed, int Failed, int Error, int Timeout, int Memory, int Refused)
{
    public int Programs => Passed + Failed + Error + Timeout + Memory + Refused;

    /// <summary>Share of the programs that passed every test; NaN without programs.</summary>
    public double Accuracy => (double)Passed / Programs;
}
