namespace FlowRL.Evaluation;

/// <summary>
/// What k samples are worth to a reader who goes on to the next with probability p and gains only from what is right and new:
/// (1−p)/(1−p^k) · Σ_{i=1..k} p^{i−1}·1[sample i is correct, and its solution is not among those before it] (NoveltyBench, arXiv 2504.05228, with
/// correctness as the utility). Its expectation over the order of n samples is taken: the i-th of them shows something new with probability
/// distinct@i − distinct@(i−1).
/// </summary>
internal static class UtilityAtK
{
    /// <summary>The patience of NoveltyBench.</summary>
    public const double Patience = 0.8;

    /// <summary>One problem's utility, in [0, 1], from its <see cref="DistinctAtK.Curve"/>.</summary>
    /// <param name="distinct">Different solutions expected in 1, 2, … n samples.</param>
    /// <param name="k">From 1 to n.</param>
    /// <param name="patience">p, above 0 and below 1.</param>
    public static double Of(IReadOnlyList<double> distinct, int k, double patience = Patience)
    {
        var (sum, weight, before) = (0.0, 1.0, 0.0);
        for (var i = 0; i < k; i++)
        {
            sum += weight * (distinct[i] - before);
            (before, weight) = (distinct[i], weight * patience);
        }
        return sum * (1 - patience) / (1 - weight);
    }
}
