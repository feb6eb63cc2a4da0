using FlowRL.Runs;
using FlowRL.Telemetry;
using FlowRL.Training;
using Microsoft.Extensions.Logging;

namespace FlowRL.Lab.Comparison;

/// <summary>The work itself: an ordinary training run, then the sampling of test problems.</summary>
/// <param name="progress">What is told after every step of a run.</param>
/// <param name="logger">Told what happens between steps.</param>
public sealed class ComparisonWork(Func<PlannedRun, IProgress<StepReport>> progress, ILogger logger) : IComparisonWork
{
    public void Require(ComparisonPlan plan)
    {
        foreach (var (_, options) in plan.Recipe.Tests.All)
        {
            var task = (options.Task ?? plan.Runs[0].Recipe.Task).Create(); // the same for all of them
            using var owned = task as IDisposable;
            RunTester.Problems(task, options);
        }
    }

    public async Task<RunTests> DoAsync(PlannedRun run, CompareTests tests, CancellationToken cancellation)
    {
        var summary = run.IsBase ? null : await TrainRun.RunAsync(run.Recipe, run.Folder, progress(run), logger, cancellation);
        return await TensorThread.RunAsync(run.Recipe.Run.Threads, () => new RunTester(run, tests, summary, logger).Test(cancellation));
    }
}

/// <summary>What a comparison has done for it: hours of work, for which a test can stand in.</summary>
public interface IComparisonWork
{
    /// <summary>How many runs it does side by side.</summary>
    int AtOnce(ComparisonPlan plan) => 1;

    /// <summary>Refuses what would be found out only after hours of training.</summary>
    /// <exception cref="BadInputException">The task has not the test problems that are asked for.</exception>
    void Require(ComparisonPlan plan) { }

    /// <summary>Trains to the end, from where the run's folder stands, then makes each test of <see cref="RunTests"/> that the folder lacks and leaves it
    /// there (<see cref="TestedRun.Write"/>).</summary>
    /// <exception cref="RunInterruptedException">Cancelled; the state is saved.</exception>
    Task<RunTests> DoAsync(PlannedRun run, CompareTests tests, CancellationToken cancellation);
}
