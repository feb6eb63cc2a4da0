namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// Advantages brought to mean 0 and deviation 1 over the trained tokens of the whole rollout batch: (A − mean)/√(var + 1e-8), var with
/// n − 1, as verl and OpenRLHF whiten. A batch of equal advantages becomes 0; one whose advantages differ by rounding alone (1e-7, from
/// log-probabilities and critics in fp32) stays below 1e-3, where a bound beside the deviation would make noise of it at full strength.
/// </summary>
internal static class BatchNormalisation
{
    private const double LeastVariance = 1e-8;

    /// <summary>Every token counts the same; what is not trained becomes 0.</summary>
    public static double[][] OfTokens(IReadOnlyList<CreditInput> responses, IReadOnlyList<double[]> advantages)
    {
        var normalise = Over([.. advantages.SelectMany((row, i) => row.Where((_, t) => responses[i].LossMask[t]))]);
        return [.. advantages.Select((row, i) => row.Select((a, t) => responses[i].LossMask[t] ? normalise(a) : 0).ToArray())];
    }

    /// <summary>Every response with a trained token counts the same; the others become 0.</summary>
    public static double[] OfResponses(IReadOnlyList<CreditInput> responses, IReadOnlyList<double> advantages)
    {
        var normalise = Over([.. advantages.Where((_, i) => responses[i].IsTrained)]);
        return [.. advantages.Select((a, i) => responses[i].IsTrained ? normalise(a) : 0)];
    }

    private static Func<double, double> Over(double[] values)
    {
        if (values.Length == 0) return _ => 0;
        var statistics = GroupStatistics.Of(values);
        var scale = Math.Sqrt(statistics.StandardDeviation * statistics.StandardDeviation + LeastVariance);
        return value => (value - statistics.Mean) / scale;
    }
}
