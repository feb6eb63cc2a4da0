namespace FlowRL.Evaluation;

/// <summary>What a policy is to become, response by response.</summary>
/// <param name="LogProbs">Its log-probabilities, in nats.</param>
/// <param name="LogZ">The log Z that goes with it.</param>
internal sealed record TargetDistribution(double[] LogProbs, double LogZ)
{
    /// <summary>p*(y) = π_ref(y)·exp(β·r(y) + c(y)) / Z (arXiv 2509.15207, equation 2, for c = 0): where the residual of whole responses is 0.</summary>
    /// <param name="logReference">log π_ref of every response.</param>
    /// <param name="rewards">r of every response.</param>
    /// <param name="beta">β.</param>
    /// <param name="offsets">c of every response, <see cref="Objectives.Targets.ITarget"/>; null for 0.</param>
    public static TargetDistribution Exact(double[] logReference, double[] rewards, double beta, double[]? offsets = null)
    {
        var gains = logReference.Select((log, i) => log + beta * rewards[i] + (offsets?[i] ?? 0)).ToArray();
        var logZ = LogSum(gains);
        return new TargetDistribution([.. gains.Select(gain => gain - logZ)], logZ);
    }

    /// <summary>
    /// π_ref(y)·exp(|y|·(β·r(y) − log Z)): where the length-normalised residual is 0. Only one log Z makes the probabilities sum to 1.
    /// </summary>
    /// <param name="logReference">log π_ref of every response.</param>
    /// <param name="lengths">|y| of every response, in tokens.</param>
    /// <param name="rewards">r of every response.</param>
    /// <param name="beta">β.</param>
    public static TargetDistribution Tilted(double[] logReference, int[] lengths, double[] rewards, double beta)
    {
        double[] At(double logZ) => [.. logReference.Select((log, i) => log + lengths[i] * (beta * rewards[i] - logZ))];
        // The sum falls as log Z rises; at the ends every factor is at least, or at most, 1.
        var (low, high) = (beta * rewards.Min(), beta * rewards.Max());
        for (var middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2)
        {
            if (LogSum(At(middle)) > 0) low = middle;
            else high = middle;
        }
        return new TargetDistribution(At(high), high);
    }

    private static double LogSum(double[] logs)
    {
        var largest = logs.Max();
        return largest + Math.Log(logs.Sum(log => Math.Exp(log - largest)));
    }
}
