using FlowRL.Checkpoints;
using FlowRL.Evaluation;
using FlowRL.Rollouts;
using FlowRL.Runs;
using FlowRL.Tasks;
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
        var task = plan.Runs[0].Recipe.Task.Create(); // the same for all of them
        using var owned = task as IDisposable;
        Problems(task, plan.Recipe.Evaluation);
    }

    public async Task<TestedRun> DoAsync(PlannedRun run, CompareTestOptions options, CancellationToken cancellation)
    {
        var summary = await TrainRun.RunAsync(run.Recipe, run.Folder, progress(run), logger, cancellation);
        var tested = await TensorThread.RunAsync(run.Recipe.Run.Threads, () => Test(run, options, summary, cancellation));
        tested.Write(run.Folder);
        return tested;
    }

    private TestedRun Test(PlannedRun run, CompareTestOptions options, TrainSummary summary, CancellationToken cancellation)
    {
        var recipe = run.Recipe;
        var task = recipe.Task.Create();
        using var owned = task as IDisposable;
        using var model = PretrainedModel.LoadForTraining(recipe.Model, (ulong)run.Seed, TaskTexts.Of(task));
        var best = CheckpointStore.All(RunFolder.Open(run.Folder).Checkpoints).Single(checkpoint => checkpoint.Step == summary.BestStep);
        best.VerifyModel(cancellation);
        PretrainedModel.Restore(best.Folder, model);
        var sampling = new SamplingOptions
        {
            Temperature = options.Temperature,
            MaxNewTokens = recipe.Evaluation.Sampling.MaxNewTokens,
            StopStrings = recipe.Evaluation.Sampling.StopStrings,
        };
        using var evaluator = new Evaluator(model, task, LocalEngine.Of(model, recipe.Rollout.Slots), sampling,
            TimeSpan.FromSeconds(recipe.Rollout.VerifySeconds), recipe.Reward, logger);
        foreach (var note in task.Notes) logger.LogInformation("data: {Note}", note);
        var problems = Problems(task, options);
        logger.LogInformation("testing step {Step} of {Run}: {Problems} problems × {Samples} samples",
            summary.BestStep, run.Folder, problems.Count, options.Samples);
        var groups = evaluator.Sample(problems, options.Samples, Seeds.Derive((ulong)run.Seed, "test"), cancellation);
        return TestedRun.Of(options, summary.BestStep, summary.Seconds, groups, task) with { BestBy = summary.BestBy };
    }

    private static List<Problem> Problems(ITask task, CompareTestOptions options)
    {
        var problems = task.Problems(Split.Test).Where(problem => options.MinimumSolutions == 0 || task.CountSolutions(problem) >= options.MinimumSolutions)
            .Take(options.Problems).ToList();
        return problems.Count == options.Problems ? problems : throw new BadInputException(
            options.MinimumSolutions == 0
                ? $"evaluation.problems: task '{task.Name}' has {problems.Count} test problems, not {options.Problems}; ask for as many."
                : $"evaluation.problems: task '{task.Name}' has {problems.Count} test problems with at least {options.MinimumSolutions} solutions, not " +
                    $"{options.Problems}; ask for as many, or for fewer solutions.");
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

    /// <summary>Trains to the end, from where the run's folder stands, then measures the best checkpoint on test problems and leaves that in the folder
    /// (<see cref="TestedRun.Write"/>).</summary>
    /// <exception cref="RunInterruptedException">Cancelled; the state is saved.</exception>
    Task<TestedRun> DoAsync(PlannedRun run, CompareTestOptions options, CancellationToken cancellation);
}
