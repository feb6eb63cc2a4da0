using FlowRL.Checkpoints;
using FlowRL.Configuration;
using FlowRL.Decoding;
using FlowRL.Files;
using FlowRL.Numerics.Products;
using FlowRL.Recipes;
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
        var (model, trainer, name) = (parts.Model, parts.Trainer, parts.Task?.Name ?? "examples");
        using var folder = resume is not null ? RunFolder.Resume(resume)
            : RunFolder.Create(recipe.Run.Folder, recipe.Run.Name ?? (parts.Task is null ? "sft" : $"{name}-sft"));
        if (resume is null) AtomicFile.Write(folder.Recipe, OptionsWriter.Write(recipe));
        folder.Say = message => logger.LogWarning("{Message}", message);
        logger.LogInformation("run {Folder}: supervised, {Task}, {Parameters:N0} parameters, {Trained:N0} trained", folder.Path, name,
            model.Decoder.Weights.Parameters, model.Decoder.Trainable.Parameters);
        if (DecodeEngines.Note(model.Decoder, new DecodeOptions()) is { } engine) logger.LogInformation("{Note}", engine);
        if (ShortGradients.Note(recipe.Gradients == GradientType.Bfloat16) is { } numbers) logger.LogInformation("{Note}", numbers);

        var runEnds = new RunEnds(folder, parts.Evaluator, recipe.Evaluation, (ulong)recipe.Run.Seed, logger);
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
