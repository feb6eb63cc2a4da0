using FlowRL.Checkpoints;
using FlowRL.Configuration;
using FlowRL.Decoding;
using FlowRL.Evaluation;
using FlowRL.Files;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Tasks;
using FlowRL.Telemetry;
using FlowRL.Training;
using Microsoft.Extensions.Logging;

namespace FlowRL.Runs;

/// <summary>A supervised run from recipe to summary.</summary>
public static class SftRun
{
    /// <inheritdoc cref="TrainRun.RunAsync"/>
    public static Task<TrainSummary> RunAsync(
        SftRecipe recipe, string? resume, IProgress<StepReport> progress, ILogger logger, CancellationToken cancellation) =>
        TensorThread.RunAsync(recipe.Run.Threads, () => Run(recipe, resume, progress, logger, cancellation));

    private static TrainSummary Run(
        SftRecipe recipe, string? resume, IProgress<StepReport> progress, ILogger logger, CancellationToken cancellation)
    {
        recipe = recipe with { Model = ModelPlace.Pinned(recipe.Model) };
        using var parts = new SftParts(recipe, logger);
        var (task, model, evaluator, trainer) = (parts.Task, parts.Model, parts.Evaluator, parts.Trainer);
        using var folder = resume is null ? RunFolder.Create(recipe.Run.Folder, recipe.Run.Name ?? $"{task.Name}-sft") : RunFolder.Resume(resume);
        if (resume is null) AtomicFile.Write(folder.Recipe, OptionsWriter.Write(recipe));
        folder.Say = message => logger.LogWarning("{Message}", message);
        logger.LogInformation("run {Folder}: supervised, {Task}, {Parameters:N0} parameters, {Trained:N0} trained", folder.Path, task.Name,
            model.Decoder.Weights.Parameters, model.Decoder.Trainable.Parameters);
        if (DecodeEngines.Note(model.Decoder, new DecodeOptions()) is { } engine) logger.LogInformation("{Note}", engine);

        var runEnds = new RunEnds(folder, evaluator, recipe.Evaluation, (ulong)recipe.Run.Seed, logger);
        var store = new CheckpointStore(folder.Checkpoints, recipe.Checkpoint.KeepLast);

        if (resume is not null) Resumption.Say(logger, store.Latest()?.Step, trainer.Steps);
        var before = recipe.Model.Create is null ? runEnds.Before(cancellation) : null;
        var loop = new TrainingLoop(trainer, new LoopOptions(trainer.Steps, recipe.MaxSeconds, recipe.Evaluation.Every, recipe.Checkpoint.Every,
            runEnds.ValidationSeconds, runEnds.Seconds),
            folder, store, progress, further: parts.Further);
        var (steps, seconds) = loop.Run(cancellation);
        return runEnds.After(model, store, trainer.ScoredBy, steps, seconds, before, cancellation);
    }

    /// <summary>Makes everything that a run is made of and puts it away again, so that what would refuse the run refuses this, in the same words.</summary>
    /// <exception cref="BadInputException">Something the recipe names is missing or damaged.</exception>
    public static Task CheckAsync(SftRecipe recipe, ILogger logger, CancellationToken cancellation) => TensorThread.RunAsync(recipe.Run.Threads, () =>
    {
        using var parts = new SftParts(recipe, logger);
        cancellation.ThrowIfCancellationRequested();
        return true;
    });
}

/// <summary>A supervised run's parts, made from its recipe.</summary>
internal sealed class SftParts : IDisposable
{
    private readonly Stack<IDisposable?> _owned = new();

    /// <exception cref="BadInputException">Something the recipe names is missing or damaged, or the task has no demonstrations.</exception>
    public SftParts(SftRecipe recipe, ILogger logger)
    {
        var problems = recipe.Task.Create();
        _owned.Push(problems as IDisposable);
        try
        {
            // Rows that were left out come before the errors that this may cause.
            foreach (var note in problems.Notes) logger.LogInformation("data: {Note}", note);
            Task = problems as IDemonstratedTask ?? throw new BadInputException(
                $"task: '{problems.Name}' has no demonstrations to learn from; choose a task that has.");
            MeasuredSplits.Require(Task, recipe.Evaluation);
            RunEstimate.RequireMemory(recipe);
            _owned.Push(Model = PretrainedModel.LoadForTraining(recipe.Model, (ulong)recipe.Run.Seed, TaskTexts.Of(Task)));
            Model.Decoder.RecomputesLayers = recipe.Recompute;
            var (engine, limit, seed) = (new SharedEngine(LocalEngine.Of(Model, slots: 256)), TimeSpan.FromSeconds(10), (ulong)recipe.Run.Seed);
            _owned.Push(engine);
            _owned.Push(Evaluator = new Evaluator(Model, Task, engine.View(), recipe.Evaluation.Sampling, limit));
            _owned.Push(Further = new FurtherEvaluations(recipe.Evaluation, Task, seed,
                (task, sampling) => new Evaluator(Model, task, engine.View(), sampling, limit)));
            _owned.Push(Trainer = new SftTrainer(Model, Task, Evaluator, new SftOptions(
                seed, recipe.Steps, recipe.Batch, recipe.TokenBudget, recipe.Optimizer, recipe.Evaluation)
            { Epochs = recipe.Epochs }));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IDemonstratedTask Task { get; }

    public LanguageModel Model { get; }

    public Evaluator Evaluator { get; }

    public FurtherEvaluations Further { get; }

    public SftTrainer Trainer { get; }

    public void Dispose()
    {
        while (_owned.TryPop(out var part)) part?.Dispose();
    }
}
