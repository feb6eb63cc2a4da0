namespace FlowRL.Evaluation;

/// <summary>
/// The probability that at least one of k responses is correct, estimated without bias from n ≥ k samples of which c are correct:
/// 1 − C(n−c, k) / C(n, k) (Chen et al. 2021, "Evaluating Large Language Models Trained on Code", equation 1).
/// </summary>
internal static class PassAtK
{
    /// <summary>One problem's estimate, in [0, 1].</summary>
    /// <exception cref="ArgumentOutOfRangeException">Unless 0 ≤ correct ≤ samples and 1 ≤ k ≤ samples.</exception>
    public static double Estimate(int samples, int correct, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, samples);
        if (samples - correct < k) return 1;
        // The quotient of binomials as a product of factors in (0, 1]: neither binomial is formed, nothing overflows.
        var allWrong = 1.0;
        for (var i = samples - correct + 1; i <= samples; i++) allWrong *= 1 - (double)k / i;
        return 1 - allWrong;
    }

    /// <summary>1, 2, 4, … up to <paramref name="samples"/>.</summary>
    public static IEnumerable<int> PowersOfTwo(int samples)
    {
        for (var k = 1L; k <= samples; k *= 2) yield return (int)k;
    }
}
