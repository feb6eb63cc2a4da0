namespace FlowRL.Tasks;

/// <summary>Problems and how a response to one is verified. The trainer knows nothing else of what it trains.</summary>
public interface ITask
{
    string Name { get; }

    /// <summary>The problems of one split, in a fixed order.</summary>
    IReadOnlyList<Problem> Problems(Split split);

    /// <summary>
    /// Checks one response. Called from several threads at once, beside sampling. May throw or hang: the caller turns that into
    /// <see cref="Reward.Error"/> or <see cref="Reward.Timeout"/>.
    /// </summary>
    ValueTask<Verdict> VerifyAsync(Problem problem, string response, CancellationToken cancellation);

    /// <summary>What a user should know of the problems: rows of data files that were left out, and why. One sentence each.</summary>
    IEnumerable<string> Notes => [];

    /// <summary>How many different solutions exist, where that is known: the denominator of coverage.</summary>
    int? CountSolutions(Problem problem);
}

/// <summary>A task that can also demonstrate: correct responses for supervised warm-up.</summary>
public interface IDemonstratedTask : ITask
{
    /// <summary>Whether there is a demonstration for this problem.</summary>
    bool CanDemonstrate(Problem problem) => true;

    /// <summary>One demonstration for <paramref name="problem"/>, chosen by <paramref name="seed"/>.</summary>
    string Demonstrate(Problem problem, ulong seed);
}

/// <summary>A task whose verdicts wait more than they compute, so that more of them than processors are wanted at once.</summary>
internal interface IWaitingTask
{
    /// <summary>Verdicts at once.</summary>
    int VerdictsAtOnce { get; }
}

/// <summary>Problems to train on, to choose settings and checkpoints on, and to report on.</summary>
public enum Split
{
    Train,
    Validation,
    Test,
}

/// <summary>What there is to read in a task before any training.</summary>
internal static class TaskTexts
{
    /// <summary>The training problems' prompts, each with a demonstration where the task gives any.</summary>
    public static IEnumerable<string> Of(ITask task)
    {
        foreach (var problem in task.Problems(Split.Train))
        {
            yield return problem.Prompt.Text;
            if (task is IDemonstratedTask demonstrated && demonstrated.CanDemonstrate(problem)) yield return demonstrated.Demonstrate(problem, seed: 0);
        }
    }
}
