using FlowRL.Rewards;
using FlowRL.Tasks;

namespace FlowRL.Evaluation;

/// <summary>What evaluation needs of one problem's n samples.</summary>
/// <param name="Verdicts">n verdicts in the order of sampling.</param>
/// <param name="Lengths">n response lengths in tokens.</param>
/// <param name="Truncated">How many of them hit the length limit.</param>
/// <param name="Solutions">How many different solutions exist; null where that is not known.</param>
public sealed record ProblemSamples(IReadOnlyList<Verdict> Verdicts, IReadOnlyList<int> Lengths, int Truncated, int? Solutions)
{
    public int Correct => Verdicts.Count(verdict => verdict.IsCorrect);

    /// <summary>Different solutions among the correct samples.</summary>
    public int DistinctCorrect => Verdicts.Select(verdict => verdict.Solution).OfType<string>().Distinct().Count();

    public static ProblemSamples Of(ScoredGroup group, ITask task) => new(
        group.Verdicts,
        [.. group.Rollout.Responses.Select(response => response.Length)],
        group.Rollout.Responses.Count(response => response.IsTruncated),
        task.CountSolutions(group.Rollout.Problem));
}
