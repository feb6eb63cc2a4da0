using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// Length-unbiased sequence policy optimisation (arXiv 2602.05261; TRL 1.16.0, <c>grpo_trainer.py</c>): GSPO whose responses count by their length, so that
/// a token of a long response weighs as much as one of a short response.
/// </summary>
internal sealed class LuspoObjective(LuspoOptions options) : SequenceObjective(options)
{
    public override string Name => "luspo";
}

/// <summary>LUSPO, with GSPO's bounds; the sum over tokens in place of their mean.</summary>
[Variant("luspo")]
public sealed record LuspoOptions : ClippedSurrogateOptions
{
    public LuspoOptions()
    {
        EpsilonLow = 3e-4;
        EpsilonHigh = 4e-4;
        Aggregation = LossAggregation.SequenceSum;
    }

    public override IObjective Create() => new LuspoObjective(this);
}
