namespace FlowRL.Evaluation;

/// <summary>
/// cover@τ: the share of problems on which a share reaches τ. With the share of correct samples it is the measure of Dragoi et al. (arXiv 2510.08325),
/// how many problems are solved reliably; with the share of existing solutions that were found, how many are known through and through.
/// </summary>
internal static class CoverAtTau
{
    /// <summary>The thresholds that reports have.</summary>
    public static IReadOnlyList<double> Thresholds { get; } = [0.25, 0.5, 0.75, 1];

    // A share is a quotient of counts or a sum of such: what is τ but for its last bit has reached it.
    private const double Slack = 1e-9;

    /// <summary>The share of <paramref name="shares"/> that are at least <paramref name="threshold"/>; null where there are none.</summary>
    public static double? Of(IReadOnlyCollection<double> shares, double threshold) =>
        shares.Count == 0 ? null : (double)shares.Count(share => share >= threshold - Slack) / shares.Count;
}
