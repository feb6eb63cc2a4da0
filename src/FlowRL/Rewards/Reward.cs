namespace FlowRL.Rewards;

/// <summary>
/// What verification says of one response: a score, an error, or a timeout. Errors and timeouts are counted and shown, never taken
/// for a score of zero without a word.
/// </summary>
public abstract record Reward
{
    private Reward() { }

    /// <summary>The verifier decided. <paramref name="Value"/> is the scalar reward; <paramref name="Parts"/> are its named parts.</summary>
    public sealed record Score(double Value, IReadOnlyDictionary<string, double> Parts) : Reward
    {
        public Score(double value) : this(value, EmptyParts) { }
    }

    /// <summary>The verifier failed; the response says nothing about itself.</summary>
    public sealed record Error(string Message) : Reward;

    /// <summary>The verifier did not end within its limit.</summary>
    public sealed record Timeout(TimeSpan Limit) : Reward;

    private static readonly IReadOnlyDictionary<string, double> EmptyParts = new Dictionary<string, double>();

    /// <summary>The score, or <paramref name="fallback"/> where there is none.</summary>
    public double ValueOr(double fallback) => this is Score score ? score.Value : fallback;
}
