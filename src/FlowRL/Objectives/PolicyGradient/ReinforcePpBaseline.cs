using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// REINFORCE++ with baseline (arXiv 2501.03262, the variant for verifiable rewards): A = r − mean_group r, normalised over all tokens of
/// the rollout batch rather than within the group; k2 to the reference in the loss.
/// </summary>
internal sealed class ReinforcePpBaselineObjective(ReinforcePpBaselineOptions options) : GroupObjective(options)
{
    public override string Name => "reinforce_pp_baseline";

    private protected override double Advantage(double reward, GroupStatistics group) => reward - group.Mean;

    private protected override IEnumerable<Credit> Credits(IReadOnlyList<CreditInput> responses, Dictionary<string, double> metrics)
    {
        Credit[] credits = [.. base.Credits(responses, metrics)];
        var normalised = BatchNormalisation.OfTokens(responses,
            [.. credits.Select(credit => Array.ConvertAll(credit.TokenAdvantages, a => (double)a))]);
        return credits.Select((credit, i) => credit with { TokenAdvantages = Array.ConvertAll(normalised[i], a => (float)a) });
    }
}

/// <summary>REINFORCE++ with the group's mean as the baseline. KL as a k2 loss, as in the paper; coefficient 0.001 as for GRPO here.</summary>
[Variant("reinforce_pp_baseline")]
public sealed record ReinforcePpBaselineOptions : ClippedSurrogateOptions
{
    public ReinforcePpBaselineOptions() => Kl = new KlOptions { Coefficient = 0.001, Estimator = KlEstimator.K2 };

    public override IObjective Create() => new ReinforcePpBaselineObjective(this);
}
