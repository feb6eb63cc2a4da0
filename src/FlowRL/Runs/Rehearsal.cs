using System.Diagnostics;
using FlowRL.Recipes;
using FlowRL.Rewards;
using FlowRL.Tasks;
using FlowRL.Training;
using Microsoft.Extensions.Logging;

namespace FlowRL.Runs;

/// <summary>
/// What a training run would take. Its parts are made as the run makes them, so that what would refuse the run refuses this, in the same words;
/// then, where that is quick, its first steps are taken. Nothing is written.
/// </summary>
/// <param name="Estimate">From the recipe and the model's shape.</param>
/// <param name="StepSeconds">Of one step, as measured; null where a step would take too long to try.</param>
/// <param name="EvaluationSeconds">Of all validations and evaluations, from how fast the steps sampled; null as above.</param>
public sealed record Rehearsal(RunEstimate Estimate, double? StepSeconds, double? EvaluationSeconds)
{
    // The first step compiles code and touches memory; the fastest of the others is a step of a long run.
    private const int MostSteps = 4;
    private const double SecondsTried = 10;

    // At the rate of a large product, which a step is two to four times away from: a minute at most.
    private const double LongestStep = 15;

    /// <param name="recipe">A validated recipe.</param>
    /// <param name="logger">Told what the data are like.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BadInputException">Something the recipe names is missing or damaged.</exception>
    public static Task<Rehearsal> RunAsync(TrainRecipe recipe, ILogger logger, CancellationToken cancellation) =>
        TensorThread.RunAsync(recipe.Run.Threads, () => Run(recipe, logger, cancellation));

    private static Rehearsal Run(TrainRecipe recipe, ILogger logger, CancellationToken cancellation)
    {
        var (task, estimate) = Estimated(recipe, logger);
        using var parts = new RunParts(recipe, task, null);
        parts.WatchRewards(new RewardWatch(logger), cancellation);
        new LearningWatch(parts.Objective.MinimumGroupSize > 1, logger).Start(parts.Problems, recipe.Rollout.Problems);
        if (estimate.SecondsAtLeast(1) > LongestStep) return new Rehearsal(estimate, null, null);
        logger.LogInformation("trying the first steps");
        return Steps(recipe, parts, estimate, cancellation);
    }

    private static (ITask Task, RunEstimate Estimate) Estimated(TrainRecipe recipe, ILogger logger)
    {
        var task = recipe.Task.Create();
        try
        {
            foreach (var note in task.Notes) logger.LogInformation("data: {Note}", note);
            return (task, RunEstimate.Of(recipe, task));
        }
        catch
        {
            (task as IDisposable)?.Dispose();
            throw;
        }
    }

    private static Rehearsal Steps(TrainRecipe recipe, RunParts parts, RunEstimate estimate, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var best = double.PositiveInfinity;
        IReadOnlyDictionary<string, double> metrics = new Dictionary<string, double>();
        for (var step = 0; step < Math.Min(MostSteps, parts.Steps) && (step == 0 || clock.Elapsed.TotalSeconds < SecondsTried); step++)
        {
            var start = clock.Elapsed.TotalSeconds;
            metrics = parts.Trainer.Step(step, cancellation);
            best = Math.Min(best, clock.Elapsed.TotalSeconds - start);
        }
        var evaluation = recipe.Evaluation;
        var validations = evaluation.Every == 0 ? 0 : (parts.Steps + evaluation.Every - 1) / evaluation.Every;
        var responses = 2.0 * Math.Min(evaluation.TestProblems, estimate.Problems.Test) * evaluation.TestSamples
            + (double)validations * Math.Min(evaluation.ValidationProblems, estimate.Problems.Validation) * evaluation.ValidationSamples
            + parts.Further.Responses(parts.Steps, validations);
        return new Rehearsal(estimate, best, responses * metrics["length"] / metrics["tokens_per_second"]);
    }
}
