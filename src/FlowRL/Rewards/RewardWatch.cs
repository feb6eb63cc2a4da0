using Microsoft.Extensions.Logging;

namespace FlowRL.Rewards;

/// <summary>
/// Sees to it that a reward that fails is noticed: the first failure is logged with what it said, and where all fail, what asked for them ends.
/// </summary>
/// <param name="logger">Told of the first failure.</param>
internal sealed class RewardWatch(ILogger logger)
{
    // One batch may fail as a whole by bad luck, where others have been scored.
    private const int Patience = 3;
    private bool _told;
    private bool _scored;
    private int _failedInARow;

    /// <summary>Looks at a batch that was scored.</summary>
    /// <param name="where">What was scored, in words.</param>
    /// <param name="groups">The batch.</param>
    /// <exception cref="RewardsFailedException">No response has a score, nor had any before, or in the last three batches.</exception>
    public void See(string where, IReadOnlyCollection<ScoredGroup> groups)
    {
        var counts = RewardCounts.Of(groups);
        if (counts.Failed == 0)
        {
            _scored |= counts.Scores > 0;
            _failedInARow = 0;
            return;
        }
        var (problem, why) = First(groups);
        if (!_told)
        {
            _told = true;
            logger.LogWarning("reward: the first failure, on a response to problem '{Problem}' in {Where}: {Why}", problem, where, why);
        }
        _failedInARow = counts.Scores == 0 ? _failedInARow + 1 : 0;
        if (counts.Scores == 0 && (!_scored || _failedInARow >= Patience))
            throw new RewardsFailedException($"All {counts.Failed} rewards of {where} failed, the first, of problem '{problem}', with: {why}");
        _scored |= counts.Scores > 0;
    }

    private static (string Problem, string Why) First(IEnumerable<ScoredGroup> groups)
    {
        foreach (var group in groups)
        {
            if (group.Verdicts.Select(verdict => verdict.Reward.Failure).FirstOrDefault(failure => failure is not null) is { } why)
                return (group.Rollout.Problem.Id, why);
        }
        throw new ArgumentException("No reward failed.", nameof(groups));
    }
}

/// <summary>Every reward failed, so that nothing can be learnt or measured. The message says where, and how the first one failed.</summary>
public sealed class RewardsFailedException(string message) : Exception(message);
