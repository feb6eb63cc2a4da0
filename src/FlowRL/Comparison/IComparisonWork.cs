using FlowRL.Recipes;
using FlowRL.Training;

namespace FlowRL.Comparison;

/// <summary>What a comparison has done for it: hours of work, for which a test can stand in.</summary>
public interface IComparisonWork
{
    /// <summary>Refuses what would be found out only after hours of training.</summary>
    /// <exception cref="BadInputException">The task has not the test problems that are asked for.</exception>
    void Require(ComparisonPlan plan) { }

    /// <summary>Trains to the end; goes on where the run's folder stands.</summary>
    /// <exception cref="RunInterruptedException">Cancelled; the state is saved.</exception>
    Task<TrainSummary> TrainAsync(PlannedRun run, CancellationToken cancellation);

    /// <summary>Measures the run's best checkpoint on test problems.</summary>
    Task<TestedRun> TestAsync(PlannedRun run, CompareTestOptions options, TrainSummary summary, CancellationToken cancellation);
}
