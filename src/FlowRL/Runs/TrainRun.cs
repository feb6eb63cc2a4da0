using FlowRL.Checkpoints;
using FlowRL.Configuration;
using FlowRL.Decoding;
using FlowRL.Files;
using FlowRL.Numerics.Products;
using FlowRL.Recipes;
using FlowRL.Rewards;
using FlowRL.Telemetry;
using FlowRL.Training;
using Microsoft.Extensions.Logging;

namespace FlowRL.Runs;

/// <summary>A reinforcement-learning run from recipe to summary: evaluate, train, evaluate the best checkpoint.</summary>
public static class TrainRun
{
    /// <param name="recipe">A validated recipe.</param>
    /// <param name="resume">The folder of a run to continue; null starts a new one.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="logger">Told what happens between steps.</param>
    /// <param name="cancellation">Ends the run after the current step, saved.</param>
    /// <exception cref="BadInputException">Something the recipe names is missing or damaged.</exception>
    /// <exception cref="RunInterruptedException">Cancelled; the message says how to resume.</exception>
    public static Task<TrainSummary> RunAsync(
        TrainRecipe recipe, string? resume, IProgress<StepReport> progress, ILogger logger, CancellationToken cancellation) =>
        TensorThread.RunAsync(recipe.Run.Threads, () => Run(recipe, resume, progress, logger, cancellation));

    private static TrainSummary Run(
        TrainRecipe recipe, string? resume, IProgress<StepReport> progress, ILogger logger, CancellationToken cancellation)
    {
        recipe = recipe with { Model = ModelPlace.Pinned(recipe.Model) };
        var task = recipe.Task.Create();
        // Rows that were left out come before the errors that this may cause.
        foreach (var note in task.Notes) logger.LogInformation("data: {Note}", note);
        using var parts = new RunParts(recipe, task, null);
        parts.WatchRewards(new RewardWatch(logger), cancellation);
        using var folder = resume is null ? RunFolder.Create(recipe.Run.Folder, recipe.Run.Name ?? parts.Task.Name) : RunFolder.Resume(resume);
        if (resume is null) AtomicFile.Write(folder.Recipe, OptionsWriter.Write(recipe));
        folder.Say = message => logger.LogWarning("{Message}", message);
        Introduce(recipe, parts, folder, logger);

        var watch = new LearningWatch(parts.Objective.MinimumGroupSize > 1, logger);
        watch.Start(parts.Problems, recipe.Rollout.Problems);
        var runEnds = new RunEnds(folder, parts.Evaluator, recipe.Evaluation, (ulong)recipe.Run.Seed, logger);
        var store = new CheckpointStore(folder.Checkpoints, recipe.Checkpoint.KeepLast);
        using var failed = new FailedRewards(folder.FailedRewards, folder.Say);
        parts.Rollout.Failed = failed;
        using var samples = new SamplesLog(folder.Samples, store.Latest()?.Step ?? 0, folder.Say);
        parts.Trainer.Sampled += (step, groups) => samples.Append(LoggedSamples.Of(step, groups).Take(recipe.Run.SamplesLogged));
        parts.Trainer.Sampled += watch.See;
        if (resume is not null) Resumption.Say(logger, store.Latest()?.Step, parts.Steps);

        var before = runEnds.Before(cancellation);
        if (before is { Accuracy: 0 }) watch.StartsAtZero(before);
        var loop = new TrainingLoop(parts.Trainer, new LoopOptions(parts.Steps, recipe.Training.MaxSeconds,
            recipe.Evaluation.Every, recipe.Checkpoint.Every, runEnds.ValidationSeconds, runEnds.Seconds), folder, store, progress,
            further: parts.Further);
        var (steps, seconds) = loop.Run(cancellation);
        return runEnds.After(parts.Model, store, parts.Trainer.ScoredBy, steps, seconds, before, cancellation);
    }

    private static void Introduce(TrainRecipe recipe, RunParts parts, RunFolder folder, ILogger logger)
    {
        if (parts.Problems.Skipped > 0)
            logger.LogInformation("data: {Count} left out (over {Limit} tokens)", parts.Problems.Skipped, recipe.Rollout.MaxPromptTokens);
        var decoder = parts.Model.Decoder;
        logger.LogInformation("run {Folder}: {Task}, {Objective}, {Parameters:N0} parameters, {Trained:N0} trained", folder.Path, parts.Task.Name,
            parts.Objective.Name, decoder.Weights.Parameters, decoder.Trainable.Parameters);
        if (DecodeEngines.Note(decoder, recipe.Rollout.Decode) is { } engine) logger.LogInformation("{Note}", engine);
        if (ShortGradients.Note(recipe.Training.Gradients == GradientType.Bfloat16) is { } numbers) logger.LogInformation("{Note}", numbers);
        if (!parts.Rollout.HasOwnSeeds)
            logger.LogInformation("rollouts: the engine keeps no seeds, so that a run that is stopped and resumed samples other responses");
    }
}
