namespace FlowRL.Rewards.Mathematics;

/// <summary>What came of a file of answers.</summary>
/// <param name="Equal">Answers that are right.</param>
/// <param name="Different">Answers that are wrong, or missing.</param>
/// <param name="Undecided">Answers that could not be read.</param>
public sealed record AnswerCounts(int Equal, int Different, int Undecided)
{
    public int Answers => Equal + Different + Undecided;

    /// <summary>Share of the answers that are right; NaN without answers.</summary>
    public double Accuracy => (double)Equal / Answers;
}
