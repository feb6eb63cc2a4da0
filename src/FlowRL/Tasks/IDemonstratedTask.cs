namespace FlowRL.Tasks;

/// <summary>A task that can also demonstrate: correct responses for supervised warm-up.</summary>
public interface IDemonstratedTask : ITask
{
    /// <summary>Whether there is a demonstration for this problem.</summary>
    bool CanDemonstrate(Problem problem) => true;

    /// <summary>One demonstration for <paramref name="problem"/>, chosen by <paramref name="seed"/>.</summary>
    string Demonstrate(Problem problem, ulong seed);
}
