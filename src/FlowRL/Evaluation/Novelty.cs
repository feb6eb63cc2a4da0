namespace FlowRL.Evaluation;

/// <summary>
/// Solutions that another model's samples of the same problem never show, the base model's usually: what a training found rather than sharpened. Their
/// number falls as more samples of the other are looked at, so both need their n told.
/// </summary>
internal static class Novelty
{
    /// <summary>
    /// The expected number of such solutions in k of the n samples: as <see cref="DistinctAtK"/>, over solutions that are not in <paramref name="known"/>.
    /// </summary>
    /// <param name="samples">n.</param>
    /// <param name="found">Each solution with how many of the samples gave it.</param>
    /// <param name="known">The solutions that the other model's samples show.</param>
    /// <param name="k">From 1 to n.</param>
    public static double AtK(int samples, IEnumerable<(string Key, int Count)> found, IReadOnlySet<string> known, int k) =>
        found.Where(solution => !known.Contains(solution.Key)).Sum(solution => PassAtK.Estimate(samples, solution.Count, k));
}
