using FlowRL.Recipes;
using FlowRL.Tasks;

namespace FlowRL.Rewards.Parts;

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
