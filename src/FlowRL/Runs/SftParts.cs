using FlowRL.Checkpoints;
using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Tasks;
using FlowRL.Training.Supervised;
using Microsoft.Extensions.Logging;

namespace FlowRL.Runs;

/// <summary>A supervised run's parts, made from its recipe.</summary>
internal sealed class SftParts : IDisposable
{
    private readonly Stack<IDisposable?> _owned = new();

    /// <exception cref="BadInputException">Something the recipe names is missing or damaged, or there is nothing to learn from.</exception>
    public SftParts(SftRecipe recipe, ILogger logger)
    {
        try
        {
            Task = recipe.Task is null ? null : Problems(recipe.Task, logger);
            var demonstrated = recipe.Data is null ? Task as IDemonstratedTask ?? throw new BadInputException(
                $"task: '{Task?.Name}' has no demonstrations to learn from; choose a task that has.") : null;
            var files = recipe.Data is null ? null : new ExampleFiles(recipe.Data);
            if (Task is not null) MeasuredSplits.Require(Task, recipe.Evaluation);
            RunEstimate.RequireMemory(recipe);
            _owned.Push(Model = PretrainedModel.LoadForTraining(recipe.Model, (ulong)recipe.Run.Seed,
                files is null ? TaskTexts.Of(Task!) : files[Split.Train].Select(example => example.Written.Text)));
            Model.Decoder.RecomputesLayers = recipe.Recompute;
            var seed = (ulong)recipe.Run.Seed;
            var options = new SftOptions(seed, recipe.Steps, recipe.Batch, recipe.TokenBudget, recipe.Optimizer, recipe.Evaluation)
            { Epochs = recipe.Epochs, Packing = recipe.Packing, Gradients = recipe.Gradients };
            var lessons = files is null ? (ILessons)new DemonstratedLessons(Model, demonstrated!, options)
                : new ExampleLessons(Examples(recipe, files, logger), options);
            var (engine, limit) = (new SharedEngine(LocalEngine.Of(Model, slots: 256)), TimeSpan.FromSeconds(10));
            _owned.Push(engine);
            if (Task is not null) _owned.Push(Evaluator = new Evaluator(Model, Task, engine.View(), recipe.Evaluation.Sampling, limit));
            _owned.Push(Further = new FurtherEvaluations(recipe.Evaluation, Task, seed,
                (task, sampling) => new Evaluator(Model, task, engine.View(), sampling, limit)));
            _owned.Push(Trainer = new SftTrainer(Model, lessons, Evaluator, options));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What is learnt, or what the model is sampled on; null where there is neither.</summary>
    public ITask? Task { get; }

    public LanguageModel Model { get; }

    public Evaluator? Evaluator { get; }

    public FurtherEvaluations Further { get; }

    public SftTrainer Trainer { get; }

    public void Dispose()
    {
        while (_owned.TryPop(out var part)) part?.Dispose();
    }

    private ITask Problems(TaskOptions options, ILogger logger)
    {
        var task = options.Create();
        _owned.Push(task as IDisposable);
        // Rows that were left out come before the errors that this may cause.
        foreach (var note in task.Notes) logger.LogInformation("data: {Note}", note);
        return task;
    }

    private ExampleSet Examples(SftRecipe recipe, ExampleFiles files, ILogger logger)
    {
        var data = recipe.Data!;
        var limit = ExampleSet.Limit(data, Model.Decoder.Config.ContextLength, recipe.Packing == PackingRule.None ? null : recipe.TokenBudget);
        var examples = new ExampleSet(files, data, Model, limit);
        foreach (var note in examples.Notes) logger.LogInformation("data: {Note}", note);
        if (examples.Train.Count == 0) throw new BadInputException("data: no example is left to train on; the lines above say what was left out.");
        if (examples.Validation.Count == 0 && Task is null && recipe.Evaluation.Every > 0)
            throw new BadInputException("data: there are no validation examples; name a file of them in data.validation, or set evaluation.every to 0.");
        return examples;
    }
}
