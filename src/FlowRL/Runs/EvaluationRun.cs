using FlowRL.Checkpoints;
using FlowRL.Decoding;
using FlowRL.Evaluation;
using FlowRL.Recipes;
using FlowRL.Rewards;
using FlowRL.Training;
using Microsoft.Extensions.Logging;

namespace FlowRL.Runs;

/// <summary>An evaluation of a model on a task, from recipe to report.</summary>
public static class EvaluationRun
{
    /// <param name="recipe">A validated recipe.</param>
    /// <param name="logger">Told what is evaluated, and of the first reward that fails.</param>
    /// <param name="cancellation">Ends it without a report.</param>
    /// <exception cref="BadInputException">Something the recipe names is missing or damaged.</exception>
    /// <exception cref="RewardsFailedException">No response could be scored.</exception>
    public static Task<EvaluationReport> RunAsync(EvaluateRecipe recipe, ILogger logger, CancellationToken cancellation) =>
        RunAsync(recipe, _ => { }, logger, cancellation);

    /// <summary>The same for whoever looks at the responses, none of which is kept.</summary>
    /// <param name="recipe">A validated recipe.</param>
    /// <param name="each">Takes each problem's responses with their scores, in the order of the problems.</param>
    /// <param name="logger">Told what is evaluated, and of the first reward that fails.</param>
    /// <param name="cancellation">Ends it without a report.</param>
    internal static Task<EvaluationReport> RunAsync(
        EvaluateRecipe recipe, Action<ScoredGroup> each, ILogger logger, CancellationToken cancellation) =>
        TensorThread.RunAsync(recipe.Threads, () => Run(recipe, each, logger, cancellation));

    private static EvaluationReport Run(EvaluateRecipe recipe, Action<ScoredGroup> each, ILogger logger, CancellationToken cancellation)
    {
        var task = recipe.Task.Create();
        using var owned = task as IDisposable;
        foreach (var note in task.Notes) logger.LogInformation("data: {Note}", note);
        using var model = PretrainedModel.Load(recipe.Model);
        using var evaluator = new Evaluator(model, task, LocalEngine.Of(model, recipe.Slots), recipe.Sampling,
            TimeSpan.FromSeconds(recipe.VerifySeconds), recipe.Reward, logger);
        var problems = evaluator.Problems(recipe.Split, recipe.Problems);
        RunMemory.Require(recipe, problems.Count);
        logger.LogInformation("{Problems} problems × {Samples} samples", problems.Count, recipe.Samples);
        if (DecodeEngines.Note(model.Decoder, new DecodeOptions()) is { } engine) logger.LogInformation("{Note}", engine);
        var (seed, texts) = (Seeds.Derive((ulong)recipe.Seed, recipe.Split.ToString()), new List<IReadOnlyList<string>>());
        var report = evaluator.Evaluate(problems, recipe.Samples, seed, group =>
        {
            each(group);
            if (recipe.Texts) texts.Add([.. group.Rollout.Responses.Take(TextVariety.MostTexts).Select(response => response.Text)]);
        }, cancellation);
        return report with
        {
            Texts = recipe.Texts ? TextVariety.Of(texts) : null,
            Front = recipe.Fronts is { } fronts ? [.. fronts.Settings().Select(Point)] : null,
        };

        FrontPoint Point(FrontSetting setting)
        {
            logger.LogInformation("{Problems} problems × {Samples} samples, {Setting}", problems.Count, recipe.Samples, setting.Title);
            using var sampler = new Evaluator(model, task, LocalEngine.Of(model, recipe.Slots), setting.Apply(recipe.Sampling),
                TimeSpan.FromSeconds(recipe.VerifySeconds), recipe.Reward, logger);
            var samples = new List<ProblemSamples>();
            sampler.Evaluate(problems, recipe.Samples, seed, group => samples.Add(ProblemSamples.Of(group, task)), cancellation);
            return FrontPoint.Of(setting, [[.. samples.Select(SolutionCounts.Of)]], [.. PassAtK.PowersOfTwo(recipe.Samples)], seed) with
            {
                Entropy = EvaluationReport.TokenEntropy(samples),
            };
        }
    }
}
