using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
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

/// <summary>What a part of a reward sees.</summary>
/// <param name="Problem">The problem that was answered.</param>
/// <param name="Response">The response's text.</param>
/// <param name="Length">Its tokens.</param>
/// <param name="IsTruncated">Whether it hit the length limit.</param>
public sealed record RewardInput(Problem Problem, string Response, int Length, bool IsTruncated);

/// <summary>
/// A part of the <c>reward:</c> of a recipe. Each kind derives one record and names it with <see cref="VariantAttribute"/>.
/// </summary>
public abstract record RewardPartOptions
{
    [Description("What the part's number is multiplied by in the sum.")]
    [Range(-1000.0, 1000.0)]
    public double Weight { get; init; } = 1;

    public abstract IRewardPart Create();
}

/// <summary>The task's own reward.</summary>
[Variant("task")]
public sealed record TaskPartOptions : RewardPartOptions
{
    public override IRewardPart Create() => new Part();

    private sealed class Part : IRewardPart
    {
        public ValueTask<double> ScoreAsync(RewardInput input, Verdict verdict, CancellationToken cancellation) =>
            ValueTask.FromResult(verdict.Reward.ValueOr(0));
    }
}
