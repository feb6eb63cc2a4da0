using FlowRL.Checkpoints;
using FlowRL.Configuration;
using FlowRL.Decoding;
using FlowRL.Evaluation;
using FlowRL.Files;
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
        var problems = recipe.Task.Create();
        using var owned = problems as IDisposable;
        if (problems is not IDemonstratedTask task)
        {
            throw new BadInputException($"task: '{problems.Name}' has no demonstrations to learn from; choose a task that has.");
        }
        MeasuredSplits.Require(task, recipe.Evaluation);
        RunEstimate.RequireMemory(recipe);
        using var model = PretrainedModel.LoadForTraining(recipe.Model, (ulong)recipe.Run.Seed, TaskTexts.Of(task));
        model.Decoder.RecomputesLayers = recipe.Recompute;
        using var evaluator = new Evaluator(
            model, task, LocalEngine.Of(model, slots: 256), recipe.Evaluation.Sampling, TimeSpan.FromSeconds(10));
        using var trainer = new SftTrainer(model, task, evaluator, new SftOptions(
            (ulong)recipe.Run.Seed, recipe.Steps, recipe.Batch, recipe.TokenBudget, recipe.Optimizer, recipe.Evaluation));

        using var folder = resume is null ? RunFolder.Create(recipe.Run.Folder, recipe.Run.Name ?? $"{task.Name}-sft") : RunFolder.Resume(resume);
        if (resume is null) AtomicFile.Write(folder.Recipe, OptionsWriter.Write(recipe));
        folder.Say = message => logger.LogWarning("{Message}", message);
        foreach (var note in task.Notes) logger.LogInformation("data: {Note}", note);
        logger.LogInformation("run {Folder}: supervised, {Task}, {Parameters:N0} parameters, {Trained:N0} trained", folder.Path, task.Name,
            model.Decoder.Weights.Parameters, model.Decoder.Trainable.Parameters);
        if (DecodeEngines.Note(model.Decoder, new DecodeOptions()) is { } engine) logger.LogInformation("{Note}", engine);

        var runEnds = new RunEnds(folder, evaluator, recipe.Evaluation, (ulong)recipe.Run.Seed, logger);
        var store = new CheckpointStore(folder.Checkpoints, recipe.Checkpoint.KeepLast);

        var before = recipe.Model.Create is null ? runEnds.Before(cancellation) : null;
        var loop = new TrainingLoop(trainer, new LoopOptions(recipe.Steps, recipe.MaxSeconds, recipe.Evaluation.Every, recipe.Checkpoint.Every),
            folder, store, progress);
        var (steps, seconds) = loop.Run(cancellation);
        return runEnds.After(model, store, steps, seconds, before, cancellation);
    }
}
