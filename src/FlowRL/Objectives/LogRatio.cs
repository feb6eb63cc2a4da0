namespace FlowRL.Objectives;

/// <summary>Logarithms of probability ratios.</summary>
internal static class LogRatio
{
    /// <summary>The bound of |log π_θ/π_old| beyond which ratios are cut off: e^20 is 4.9e8, finite in fp32 even times a squared residual.</summary>
    public const double Largest = 20;
}
