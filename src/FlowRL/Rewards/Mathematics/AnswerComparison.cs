namespace FlowRL.Rewards.Mathematics;

/// <summary>An outcome and why.</summary>
/// <param name="Outcome">Equal, different or undecided; only equal earns a reward.</param>
/// <param name="Reason">A short sentence without a full stop.</param>
public sealed record AnswerComparison(AnswerOutcome Outcome, string Reason)
{
    internal static AnswerComparison Equal(string reason) => new(AnswerOutcome.Equal, reason);

    internal static AnswerComparison Different(string reason) => new(AnswerOutcome.Different, reason);

    internal static AnswerComparison Undecided(string reason) => new(AnswerOutcome.Undecided, reason);
}
