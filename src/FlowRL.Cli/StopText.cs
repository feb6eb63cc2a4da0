namespace FlowRL.Cli;

/// <summary>What a command says when it is asked to stop.</summary>
/// <param name="Asked">Ends the sentence "Stopping", at the first Ctrl-C or SIGTERM.</param>
/// <param name="Stopped">What is left of the work, when it has ended.</param>
internal sealed record StopText(string Asked, string Stopped)
{
    /// <summary>Commands that are over in a moment.</summary>
    public static StopText Plain { get; } = new("", "Stopped.");

    /// <summary>Training says itself what it saved, and how it goes on.</summary>
    public static StopText Run { get; } = new(" (a run saves what is finished)", "Stopped before the first step; nothing was trained.");

    public static StopText Comparison { get; } = new(" (finished runs are kept, and the one at work saves what is finished)", "Stopped.");

    public static StopText Evaluation { get; } = new(
        " (an evaluation counts only as a whole, so nothing is kept)",
        "Stopped: no result. The same command begins anew; --problems and --samples make it shorter.");

    public static StopText Sample { get; } = new(" (the text ends here)", "Stopped: the response is not finished.");

    public static StopText Chat { get; } = new(" (what is being written ends here)", "Stopped.");

    public static StopText Generate { get; } = new(
        " (rows that are answered are kept)", "Stopped. Where --out names a file, the same command goes on with the rows that are left.");

    public static StopText Score { get; } = new(
        " (lines that are scored already were printed, unless they go to a file)", "Stopped: no perplexity. A file given with --out is left as it was.");

    public static StopText Judge { get; } = new(
        " (answers that came are kept)", "Stopped: no result. The same command goes on with the questions that are left.");

    public static StopText Bench { get; } = new(
        " (after what is being timed; a measurement counts only as a whole)", "Stopped: no result. --repeat 1 and fewer --shapes make it shorter.");

    public static StopText Pull { get; } = new(" (what is fetched is kept)", "Stopped: what is fetched is kept, and the same command goes on from there.");

    public static StopText Verify { get; } = new(
        " (lines that are scored already were printed, unless they go to a file)", "Stopped: no total. A file given with --out is left as it was.");
}
