using System.ComponentModel;
using FlowRL.Configuration;
using FlowRL.Rewards.Parts;
using FlowRL.Tasks;

namespace FlowRL.Tests.Rewards.Parts;

/// <summary>1 where a response has a certain word.</summary>
[Variant("politeness")]
public sealed record PolitenessOptions : RewardPartOptions
{
    [Description("The word.")]
    public string Word { get; init; } = "thanks";

    public override IRewardPart Create() => new Politeness(Word);
}

internal sealed class Politeness(string word) : IRewardPart
{
    public ValueTask<double> ScoreAsync(RewardInput input, Verdict verdict, CancellationToken cancellation) =>
        ValueTask.FromResult(input.Response.Contains(word, StringComparison.OrdinalIgnoreCase) ? 1.0 : 0.0);
}
