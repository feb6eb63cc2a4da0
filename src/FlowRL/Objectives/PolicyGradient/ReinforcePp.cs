using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// REINFORCE++ (arXiv 2501.03262, equations 8 to 10): no critic and no groups. The advantage of a token is the reward minus the KL
/// penalties from it on, A_t = r − c_KL·Σ_{s≥t} KL_s, normalised over all tokens of the rollout batch; clipped token ratios.
/// </summary>
internal sealed class ReinforcePpObjective(ReinforcePpOptions options) : PolicyGradientObjective(options)
{
    public override string Name => "reinforce_pp";

    public override int MinimumGroupSize => 1;

    private protected override IEnumerable<Credit> Credits(IReadOnlyList<CreditInput> responses, Dictionary<string, double> metrics)
    {
        var advantages = BatchNormalisation.OfTokens(responses, [.. responses.Select(RewardsToGo)]);
        return responses.Select((r, i) => new Credit(
            (float)PenalisedReward(r), Array.ConvertAll(advantages[i], a => (float)a), new float[r.Length]));
    }

    private double[] RewardsToGo(CreditInput response) => GeneralisedAdvantage.Of(
        TokenRewards(response), new float[response.Length], response.LossMask, gamma: 1, lambda: 1).Advantages;
}

/// <summary>REINFORCE++. KL of 0.01 in the reward, token by token (k1), as OpenRLHF has it.</summary>
[Variant("reinforce_pp")]
public sealed record ReinforcePpOptions : ClippedSurrogateOptions
{
    public ReinforcePpOptions() =>
        Kl = new KlOptions { Coefficient = 0.01, Placement = KlPlacement.Reward, Estimator = KlEstimator.K1 };

    public override IObjective Create() => new ReinforcePpObjective(this);
}
