using FlowRL.Tasks;

namespace FlowRL.Evaluation;

/// <summary>maj@k: the first k responses vote for their answers.</summary>
internal static class MajorityVote
{
    /// <summary>
    /// The share of correct responses among those that gave the winning answer; 0 where none gave one. Where correctness follows from
    /// the answer alone, this is 0 or 1; where a response can be wrong for another reason (a false step before the right result), it is
    /// the chance that a response drawn from the winners is correct.
    /// </summary>
    /// <remarks>Responses without an answer do not vote. Of answers with equal votes the one that appears first wins: samples are
    /// exchangeable, so this is a fair draw that needs no randomness.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Unless 1 ≤ k ≤ the number of verdicts.</exception>
    public static double At(IReadOnlyList<Verdict> verdicts, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, verdicts.Count);
        // GroupBy keeps the order of first appearance and MaxBy the first of equals.
        var winners = verdicts.Take(k)
            .Where(verdict => verdict.Answer is not null)
            .GroupBy(verdict => verdict.Answer)
            .MaxBy(Enumerable.Count);
        return winners?.Average(verdict => verdict.IsCorrect ? 1.0 : 0.0) ?? 0;
    }
}
