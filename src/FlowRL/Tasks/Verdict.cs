namespace FlowRL.Tasks;

/// <summary>What a task says of one response.</summary>
/// <param name="Reward">The score, error or timeout.</param>
/// <param name="Answer">The final answer as a class for majority voting; null where the response has none.</param>
/// <param name="Solution">
/// The identity of a correct solution, equal for solutions that differ only in form; null unless correct, and where the way to a right answer cannot be read.
/// </param>
public sealed record Verdict(Reward Reward, string? Answer, string? Solution)
{
    /// <summary>
    /// Whether the response solves the problem: always with a <see cref="Solution"/>, and where this is set to true. A right answer without a solution counts
    /// for accuracy, not for variety. Unlike the reward, this knows no partial credit.
    /// </summary>
    public bool IsCorrect { get => field || Solution is not null; init; }

    /// <summary>Of a response that the verifier came to no end with.</summary>
    public static Verdict Unanswered(Reward reward) => new(reward, Answer: null, Solution: null);
}

/// <summary>
/// What verification says of one response: a score, an error, or a timeout. Errors and timeouts are counted and shown, never taken
/// for a score of zero without a word.
/// </summary>
public abstract record Reward
{
    /// <summary>The part of a score that is 1 where the verifier could not decide, such as on an answer that it cannot read; 0 else.</summary>
    internal const string UndecidedPart = "undecided";

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

    /// <summary>What went wrong, as one sentence without a full stop; null where there is a score.</summary>
    internal string? Failure => this switch
    {
        Error error => error.Message,
        Timeout timeout => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"no answer within {timeout.Limit.TotalSeconds} s"),
        _ => null,
    };
}
