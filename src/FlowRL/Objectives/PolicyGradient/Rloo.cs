using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// REINFORCE leave-one-out (arXiv 2402.14740, section 3.2; Kool et al. 2019): the baseline of a response is the mean of the others,
/// A_i = r_i − (1/(G − 1))·Σ_{j≠i} r_j = G/(G − 1)·(r_i − mean_group r). The KL penalty is part of the reward. Added: clipped ratios,
/// which change nothing in the first update after sampling.
/// </summary>
internal sealed class RlooObjective(RlooOptions options) : GroupObjective(options)
{
    public override string Name => "rloo";

    // Where the verifier decided on one response only there are no others.
    private protected override double Advantage(double reward, GroupStatistics group) =>
        group.IsConstant ? 0 : (reward - group.Mean) * group.Count / (group.Count - 1);
}

/// <summary>RLOO. KL of 0.05 in the reward, as in TRL's trainer; the sum over tokens that REINFORCE has, by the length limit.</summary>
[Variant("rloo")]
public sealed record RlooOptions : ClippedSurrogateOptions
{
    public RlooOptions()
    {
        Aggregation = LossAggregation.Constant;
        Kl = new KlOptions { Coefficient = 0.05, Placement = KlPlacement.Reward, Estimator = KlEstimator.K1 };
    }

    public override IObjective Create() => new RlooObjective(this);
}
