using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Tasks;

namespace FlowRL.Rewards.Parts;

/// <summary>
/// Minus the share by which a response is longer than wanted: 0 up to <c>free</c> tokens, then falling linearly to −1 at <c>limit</c>.
/// </summary>
[Variant("length")]
public sealed record LengthPartOptions : RewardPartOptions, IValidated
{
    [Description("Tokens that cost nothing.")]
    [Range(0, 1 << 20)]
    public int Free { get; init; }

    [Description("Tokens from which the part is -1.")]
    [Range(1, 1 << 20)]
    public required int Limit { get; init; }

    [Description("Whether only right responses are shortened; wrong ones then have 0.")]
    public bool OnlyCorrect { get; init; }

    public override IRewardPart Create() => new Part(this);

    public IEnumerable<string> Validate()
    {
        if (Limit <= Free) yield return $"limit: {Limit} must be more than free ({Free}).";
    }

    private sealed class Part(LengthPartOptions options) : IRewardPart
    {
        public ValueTask<double> ScoreAsync(RewardInput input, Verdict verdict, CancellationToken cancellation) => ValueTask.FromResult(
            options.OnlyCorrect && !verdict.IsCorrect
                ? 0 : -Math.Clamp((double)(input.Length - options.Free) / (options.Limit - options.Free), 0, 1));
    }
}
