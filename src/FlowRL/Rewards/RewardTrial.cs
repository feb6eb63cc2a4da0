using FlowRL.Rewards.Parts;
using FlowRL.Tasks;

namespace FlowRL.Rewards;

/// <summary>Scores one response before a run begins, so that a reward that cannot work is found in the first second and not after an evaluation.</summary>
internal static class RewardTrial
{
    /// <summary>
    /// Asks each part for the reward of a right response to the first training problem, or of the reference where the task demonstrates none. A
    /// program that answers with an error has answered.
    /// </summary>
    /// <param name="task">Whose problem; where its own verifier comes to no score, nothing is tried.</param>
    /// <param name="mix">The parts.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellation">Ends the trial.</param>
    /// <param name="clock">Whose time the limit is; the system's where null.</param>
    /// <exception cref="BadInputException">A part failed or was not done in time.</exception>
    public static void Run(ITask task, RewardMix mix, TimeSpan limit, CancellationToken cancellation, TimeProvider? clock = null)
    {
        if (task.Problems(Split.Train) is not [var problem, ..]) return;
        var response = task is IDemonstratedTask demonstrated && demonstrated.CanDemonstrate(problem)
            ? demonstrated.Demonstrate(problem, seed: 0) : problem.Reference;
        var input = new RewardInput(problem, response, Length: response.Length, IsTruncated: false);
        using var scorer = new RewardScorer(task, limit, parallelism: 1);
        var verdict = scorer.ScoreAsync(input, cancellation).GetAwaiter().GetResult();
        if (verdict.Reward is not Reward.Score) return;
        foreach (var (name, part) in mix.Parts) Try(name, part, input, verdict, limit, clock ?? TimeProvider.System, cancellation);
    }

    private static void Try(
        string name, IRewardPart part, RewardInput input, Verdict verdict, TimeSpan limit, TimeProvider clock, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var scoring = Task.Run(() => part.ScoreAsync(input, verdict, stop.Token).AsTask(), stop.Token);
        try
        {
            scoring.WaitAsync(limit, clock, cancellation).GetAwaiter().GetResult();
        }
        catch (ProgramSaysException)
        {
            // It works, and gives this response no reward.
        }
        catch (Exception failure)
        {
            var why = scoring.IsCompleted ? failure.Message : $"it did not end within {limit.TotalSeconds} s";
            stop.Cancel();
            cancellation.ThrowIfCancellationRequested();
            throw new BadInputException(
                $"reward.parts.{name}: a trial with a response to problem '{input.Problem.Id}' failed, and nothing is learnt from a reward that fails: {why}",
                failure);
        }
    }
}
