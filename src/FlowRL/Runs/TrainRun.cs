using FlowRL.Checkpoints;
using FlowRL.Configuration;
using FlowRL.Decoding;
using FlowRL.Evaluation;
using FlowRL.Files;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Rewards;
using FlowRL.Tasks;
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
        var task = recipe.Task.Create();
        using var owned = task as IDisposable;
        MeasuredSplits.Require(task, recipe.Evaluation);
        using var model = PretrainedModel.LoadForTraining(recipe.Model, (ulong)recipe.Run.Seed, TaskTexts.Of(task));
        model.Decoder.RecomputesLayers = recipe.Training.Recompute;
        using var reference = Reference(recipe, task, model.Decoder);
        using var evaluator = new Evaluator(model, task, recipe.Evaluation.Sampling, recipe.Rollout.Slots,
            TimeSpan.FromSeconds(recipe.Rollout.VerifySeconds));
        using var trainer = new RlTrainer(model, reference, task, recipe, evaluator);

        using var folder = resume is null ? RunFolder.Create(recipe.Run.Folder, recipe.Run.Name ?? task.Name) : RunFolder.Resume(resume);
        if (resume is null) AtomicFile.Write(folder.Recipe, OptionsWriter.Write(recipe));
        foreach (var note in task.Notes) logger.LogInformation("data: {Note}", note);
        if (trainer.SkippedPrompts > 0)
            logger.LogInformation("data: {Count} left out (over {Limit} tokens)", trainer.SkippedPrompts, recipe.Rollout.MaxPromptTokens);
        logger.LogInformation("run {Folder}: {Task}, {Objective}, {Parameters:N0} parameters, {Trained:N0} trained", folder.Path, task.Name,
            recipe.Objective.Create().Name, model.Decoder.Weights.Parameters, model.Decoder.Trainable.Parameters);
        if (DecodeEngines.Note(model.Decoder, recipe.Rollout.Decode) is { } engine) logger.LogInformation("{Note}", engine);

        var runEnds = new RunEnds(folder, evaluator, recipe.Evaluation, (ulong)recipe.Run.Seed, logger);
        var store = new CheckpointStore(folder.Checkpoints, recipe.Checkpoint.KeepLast);
        trainer.Failed = new FailedRewards(folder.FailedRewards);
        using var samples = new SamplesLog(folder.Samples, store.Latest()?.Step ?? 0);
        trainer.Sampled += (step, groups) => samples.Append(LoggedSamples.Of(step, groups).Take(recipe.Run.SamplesLogged));

        var before = runEnds.Before(cancellation);
        var loop = new TrainingLoop(trainer, new LoopOptions(recipe.Training.Steps, recipe.Training.MaxSeconds,
            recipe.Evaluation.Every, recipe.Checkpoint.Every), folder, store, progress);
        var (steps, seconds) = loop.Run(cancellation);
        return runEnds.After(model, store, steps, seconds, before, cancellation);
    }

    /// <summary>The model as it starts: its own weights without the adapters, or where those are trained, a second copy.</summary>
    private static Decoder Reference(TrainRecipe recipe, ITask task, Decoder policy)
    {
        if (policy.Adapters is not null) return policy.WithoutAdapters();
        var model = recipe.Model with { Weights = recipe.Reference.Weights ?? recipe.Model.Weights };
        var reference = PretrainedModel.LoadForTraining(model, (ulong)recipe.Run.Seed, TaskTexts.Of(task)).Decoder;
        reference.Weights.RequireGradient(false);
        return reference;
    }
}
