namespace FlowRL.Objectives.DistributionMatching;

/// <summary>
/// How much the policy's preference grows with length among good answers. A length-normalised residual of zero means
/// log π_θ(y)/π_ref(y) = |y|·(β·r̂ − log Z): longer good answers gain more. This measures it: the slope, in nats a token, of
/// log π_old(y)/π_ref(y) on |y|, within groups, over responses whose reward is above their group's mean. At the exact target of the
/// residual without length normalisation, rewards being equal, it is 0.
/// </summary>
internal static class LengthTilt
{
    /// <summary>The pooled within-group least-squares slope; 0 where no group has good answers of different lengths.</summary>
    public static double Of(IEnumerable<CreditInput> responses, IReadOnlyDictionary<int, GroupStatistics> groups)
    {
        var (covariance, variance) = (0.0, 0.0);
        foreach (var good in responses.Where(r => r.Reward > groups[r.Group].Mean).GroupBy(r => r.Group))
        {
            var points = good.Select(r => (Length: (double)r.Length, LogRatio: LogRatio(r))).ToArray();
            var (length, logRatio) = (points.Average(p => p.Length), points.Average(p => p.LogRatio));
            covariance += points.Sum(p => (p.Length - length) * (p.LogRatio - logRatio));
            variance += points.Sum(p => (p.Length - length) * (p.Length - length));
        }
        return variance == 0 ? 0 : covariance / variance;
    }

    private static double LogRatio(CreditInput response) =>
        response.BehaviourLogProbs.Zip(response.ReferenceLogProbs, (old, reference) => (double)old - reference).Sum();
}
