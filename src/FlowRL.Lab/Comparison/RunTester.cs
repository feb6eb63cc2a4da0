using FlowRL.Checkpoints;
using FlowRL.Evaluation;
using FlowRL.Files;
using FlowRL.Models;
using FlowRL.Rewards;
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
/// <param name="tests">What is asked for.</param>
/// <param name="summary">How training ended; null for the base model.</param>
/// <param name="logger">Told what is tested.</param>
internal sealed class RunTester(PlannedRun run, CompareTests tests, TrainSummary? summary, ILogger logger)
{
    private int? _loaded;

    /// <exception cref="OperationCanceledException">Cancelled; what is tested is kept.</exception>
    public RunTests Test(CancellationToken cancellation)
    {
        AtomicFile.ClearLeftovers(run.Folder);
        if (RunTests.Read(run.Folder, tests) is { } done) return done;
        var own = run.Recipe.Task.Create();
        using var owned = own as IDisposable;
        foreach (var note in own.Notes) logger.LogInformation("data: {Note}", note);
        using var model = PretrainedModel.LoadForTraining(run.Recipe.Model, (ulong)run.Seed, TaskTexts.Of(own));
        return RunTests.From(tests, [.. tests.All.SelectMany(test => Test(test.Name, test.Options, own, model, cancellation))])!;
    }

    /// <summary>What one test asks for, in its order; what is there already is read.</summary>
    private List<TestedRun> Test(string name, CompareTestOptions options, ITask own, LanguageModel model, CancellationToken cancellation)
    {
        var task = options.Task is null ? own : options.Task.Create();
        using var owned = task == own ? null : task as IDisposable;
        var problems = new Lazy<IReadOnlyList<Problem>>(() => Problems(task, options));
        return [.. CompareTests.Asked(name, options).Select(asked =>
            TestedRun.Read(run.Folder, asked.Options, name: asked.Name) ?? Sample(asked, task, task == own, problems.Value, model, cancellation))];
    }

    private TestedRun Sample(AskedTest asked, ITask task, bool isOwn, IReadOnlyList<Problem> problems, LanguageModel model, CancellationToken cancellation)
    {
        var step = asked.IsFront ? LastStep() : summary?.BestStep ?? 0;
        if (summary is not null && _loaded != step) Load(step, model, cancellation);
        var (rollout, evaluation, test) = (run.Recipe.Rollout, run.Recipe.Evaluation, asked.Options);
        var setting = new FrontSetting(test.Temperature, test.TopP);
        var sampling = setting.Apply(new SamplingOptions
        {
            MaxNewTokens = evaluation.Sampling.MaxNewTokens,
            StopStrings = evaluation.Sampling.StopStrings,
        });
        // The parts of the reward are those of the run's own task.
        using var evaluator = new Evaluator(model, task, LocalEngine.Of(model, rollout.Slots), sampling,
            TimeSpan.FromSeconds(rollout.VerifySeconds), isOwn ? run.Recipe.Reward : new RewardOptions(), logger);
        logger.LogInformation("testing step {Step} of {Run}: {Problems} problems × {Samples} samples, {Setting}",
            step, run.Folder, problems.Count, test.Samples, setting.Title);
        // The same draws at every setting of a front: what differs is the setting.
        var groups = evaluator.Sample(problems, test.Samples, Seeds.Derive((ulong)run.Seed, asked.IsFront ? "front" : "test"), cancellation);
        TestedResponses.Write(run.Folder, asked.Name, groups);
        var tested = TestedRun.Of(test, step, summary?.Seconds ?? 0, groups, task) with { BestBy = asked.IsFront ? null : summary?.BestBy };
        tested.Write(run.Folder, asked.Name);
        return tested;
    }

    private void Load(int step, LanguageModel model, CancellationToken cancellation)
    {
        var checkpoint = Checkpoints().Single(checkpoint => checkpoint.Step == step);
        checkpoint.VerifyModel(cancellation);
        PretrainedModel.Restore(checkpoint.Folder, model);
        _loaded = step;
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
