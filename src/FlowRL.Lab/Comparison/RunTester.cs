using FlowRL.Checkpoints;
using FlowRL.Evaluation;
using FlowRL.Files;
using FlowRL.Rollouts;
using FlowRL.Runs;
using FlowRL.Tasks;
using FlowRL.Training;
using Microsoft.Extensions.Logging;

namespace FlowRL.Lab.Comparison;

/// <summary>
/// Tests a run that has been trained: its best checkpoint, and its last at each setting of the fronts. Each test is written when it is done, so that a stop
/// loses one of them at most. Runs on the tensor library's thread.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="options">What is asked for.</param>
/// <param name="summary">How training ended; null for the base model.</param>
/// <param name="logger">Told what is tested.</param>
internal sealed class RunTester(PlannedRun run, CompareTestOptions options, TrainSummary? summary, ILogger logger)
{
    /// <exception cref="OperationCanceledException">Cancelled; what is tested is kept.</exception>
    public RunTests Test(CancellationToken cancellation)
    {
        AtomicFile.ClearLeftovers(run.Folder);
        var asked = RunTests.Asked(options);
        var tests = asked.Select(test => TestedRun.Read(run.Folder, test.Options, name: test.Name)).ToArray();
        if (RunTests.From(tests) is { } done) return done;
        var task = run.Recipe.Task.Create();
        using var owned = task as IDisposable;
        foreach (var note in task.Notes) logger.LogInformation("data: {Note}", note);
        using var model = PretrainedModel.LoadForTraining(run.Recipe.Model, (ulong)run.Seed, TaskTexts.Of(task));
        var (problems, loaded) = (Problems(task, options), (int?)null);
        foreach (var (i, (name, test, isFront)) in asked.Index())
        {
            if (tests[i] is not null) continue;
            var step = isFront ? LastStep() : summary?.BestStep ?? 0;
            if (summary is not null && loaded != step) Load(step);
            tests[i] = Sample(name, test, isFront, step);
        }
        return RunTests.From(tests)!;

        void Load(int step)
        {
            var checkpoint = Checkpoints().Single(checkpoint => checkpoint.Step == step);
            checkpoint.VerifyModel(cancellation);
            PretrainedModel.Restore(checkpoint.Folder, model);
            loaded = step;
        }

        TestedRun Sample(string name, CompareTestOptions test, bool isFront, int step)
        {
            var (rollout, evaluation) = (run.Recipe.Rollout, run.Recipe.Evaluation);
            var setting = new FrontSetting(test.Temperature, test.TopP);
            var sampling = setting.Apply(new SamplingOptions
            {
                MaxNewTokens = evaluation.Sampling.MaxNewTokens,
                StopStrings = evaluation.Sampling.StopStrings,
            });
            using var evaluator = new Evaluator(model, task, LocalEngine.Of(model, rollout.Slots), sampling,
                TimeSpan.FromSeconds(rollout.VerifySeconds), run.Recipe.Reward, logger);
            logger.LogInformation("testing step {Step} of {Run}: {Problems} problems × {Samples} samples, {Setting}",
                step, run.Folder, problems.Count, test.Samples, setting.Title);
            // The same draws at every setting of a front: what differs is the setting.
            var groups = evaluator.Sample(problems, test.Samples, Seeds.Derive((ulong)run.Seed, isFront ? "front" : "test"), cancellation);
            TestedResponses.Write(run.Folder, name, groups);
            var tested = TestedRun.Of(test, step, summary?.Seconds ?? 0, groups, task) with { BestBy = isFront ? null : summary?.BestBy };
            tested.Write(run.Folder, name);
            return tested;
        }
    }

    /// <summary>The problems that a comparison tests on.</summary>
    /// <exception cref="BadInputException">There are not enough of them.</exception>
    public static IReadOnlyList<Problem> Problems(ITask task, CompareTestOptions options)
    {
        var problems = task.Problems(options.Split).Where(problem => options.MinimumSolutions == 0 || task.CountSolutions(problem) >= options.MinimumSolutions)
            .Take(options.Problems).ToList();
        return problems.Count == options.Problems ? problems : throw new BadInputException(
            options.MinimumSolutions == 0
                ? $"evaluation.problems: task '{task.Name}' has {problems.Count} {options.SplitName} problems, not {options.Problems}; ask for as many."
                : $"evaluation.problems: task '{task.Name}' has {problems.Count} {options.SplitName} problems with at least {options.MinimumSolutions} " +
                    $"solutions, not {options.Problems}; ask for as many, or for fewer solutions.");
    }

    private int LastStep() => summary is null ? 0 : Checkpoints()[^1].Step;

    private IReadOnlyList<Checkpoint> Checkpoints() => CheckpointStore.All(RunFolder.Open(run.Folder).Checkpoints);
}
