namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// REINFORCE++ with baseline (arXiv 2501.03262, the variant for verifiable rewards): A = r − mean_group r, normalised over all tokens of
/// the rollout batch rather than within the group; k2 to the reference in the loss.
/// </summary>
public sealed class ReinforcePpBaselineObjective(ReinforcePpBaselineOptions options) : GroupObjective(options)
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
