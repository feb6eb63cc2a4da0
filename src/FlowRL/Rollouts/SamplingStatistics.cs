namespace FlowRL.Rollouts;

/// <summary>What sampling cost: generated and prefilled tokens, decoding steps, and wall-clock time.</summary>
public sealed record SamplingStatistics(long Tokens, long PrefillTokens, long Steps, TimeSpan Elapsed)
{
    public double TokensPerSecond => Elapsed > TimeSpan.Zero ? Tokens / Elapsed.TotalSeconds : 0;
}
