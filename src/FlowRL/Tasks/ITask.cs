namespace FlowRL.Tasks;

/// <summary>Problems and how a response to one is verified. The trainer knows nothing else of what it trains.</summary>
public interface ITask
{
    string Name { get; }

    /// <summary>The problems of one split, in a fixed order.</summary>
    IReadOnlyList<Problem> Problems(Split split);

    /// <summary>
    /// Checks one response. Called from several threads at once, beside sampling. May throw or hang: the caller turns that into
    /// <see cref="Rewards.Reward.Error"/> or <see cref="Rewards.Reward.Timeout"/>.
    /// </summary>
    ValueTask<Verdict> VerifyAsync(Problem problem, string response, CancellationToken cancellation);

    /// <summary>What a user should know of the problems: rows of data files that were left out, and why. One sentence each.</summary>
    IEnumerable<string> Notes => [];

    /// <summary>How many different solutions exist, where that is known: the denominator of coverage.</summary>
    int? CountSolutions(Problem problem);
}
