using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>What every policy gradient can choose. Each derived record has the defaults of its paper.</summary>
public abstract record PolicyGradientOptions : ObjectiveOptions, IValidated
{
    [Description("Weight of the policy's entropy, which is added to what is maximised.")]
    [Range(0.0, 1000.0)]
    public double EntropyBonus { get; init; }

    [Description("How token costs become one loss: token_mean, sequence_mean, sequence_sum, or constant (sum over tokens by the length limit).")]
    public LossAggregation Aggregation { get; init; } = LossAggregation.TokenMean;

    [Description("The pull to the reference policy.")]
    public KlOptions Kl { get; init; } = new();

    [Description("Correction for responses that another policy than the one at the start of the updates sampled.")]
    public CorrectionOptions Correction { get; init; } = new();

    [Description("Responses with a negative advantage, from whose tokens the policy has moved away by more than this (mean of log π_old − log π_θ, in " +
        "nats), are left out of the loss; none unless given.")]
    [Range(0.0, 1000.0)]
    public double? OffPolicyThreshold { get; init; }

    /// <summary>What a token earns.</summary>
    internal abstract ISurrogate Surrogate { get; }

    public virtual IEnumerable<string> Validate() => [];

    /// <summary>What is wrong where rewards are not read, only verdicts.</summary>
    private protected IEnumerable<string> NoRewardIsRead() => Kl.IsOn && Kl.Placement == KlPlacement.Reward
        ? ["kl.placement: a penalty in the reward has no effect where only verdicts are read; set placement: loss."] : [];
}

/// <summary>What an objective with the clipped surrogate of PPO can choose besides.</summary>
public abstract record ClippedSurrogateOptions : PolicyGradientOptions
{
    [Description("The ratio π_θ/π_old earns nothing below 1 − this.")]
    [Range(0.0, 1.0)]
    public double EpsilonLow { get; init; } = 0.2;

    [Description("The ratio π_θ/π_old earns nothing above 1 + this; above epsilon_low it is clip-higher.")]
    [Range(0.0, 1000.0)]
    public double EpsilonHigh { get; init; } = 0.2;

    [Description("Dual clip: with a negative advantage a ratio above this costs no more; 0 sets no bound, usual values are 3 to 10.")]
    [Range(0.0, 1000.0)]
    public double DualClip { get; init; }

    internal override ISurrogate Surrogate => new ClippedSurrogate(EpsilonLow, EpsilonHigh, DualClip);

    public override IEnumerable<string> Validate()
    {
        if (DualClip is > 0 and <= 1)
        {
            yield return string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"dual_clip: {DualClip} would bound ratios that lower the cost; use a number above 1, or 0.");
        }
    }
}

/// <summary>How the costs of tokens become one loss.</summary>
public enum LossAggregation
{
    /// <summary>Mean over the tokens of the mini-batch: long responses weigh more (arXiv 2503.14476, equation 12).</summary>
    TokenMean,

    /// <summary>Mean over each response's tokens, then over responses: a short response's token weighs more (arXiv 2402.03300, equation 3).</summary>
    SequenceMean,

    /// <summary>Sum over each response's tokens, mean over responses: every token of a response counts in full.</summary>
    SequenceSum,

    /// <summary>Sum over tokens divided by the length limit, mean over responses: no weight depends on length (arXiv 2503.20783).</summary>
    Constant,
}
