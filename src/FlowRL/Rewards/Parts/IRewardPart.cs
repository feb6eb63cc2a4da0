using FlowRL.Tasks;

namespace FlowRL.Rewards.Parts;

/// <summary>One part of a reward. One that is <see cref="IDisposable"/> is disposed with the run.</summary>
public interface IRewardPart
{
    /// <summary>
    /// A finite number for one response. Called from several threads at once; may throw or wait, which costs this response alone
    /// (<see cref="Reward.Error"/>, <see cref="Reward.Timeout"/>).
    /// </summary>
    /// <param name="input">The response.</param>
    /// <param name="verdict">What the task says of it.</param>
    /// <param name="cancellation">Cancelled at the time limit.</param>
    ValueTask<double> ScoreAsync(RewardInput input, Verdict verdict, CancellationToken cancellation);
}
