using FlowRL.Checkpoints;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Tasks;
using FlowRL.Training;
using static TorchSharp.torch;

namespace FlowRL.Runs;

/// <summary>
/// What a run would take, from its recipe, its data and its model's shape; nothing is trained, and weights are not loaded. Responses are taken at
/// their limit and prompts at the longest of the first, so that what is named is held at most; activations and the runtime come on top of it.
/// </summary>
/// <param name="Problems">Training, validation and test problems.</param>
/// <param name="Parameters">Weights of the model.</param>
/// <param name="Memory">Bytes by what holds them: <c>weights</c> (with adapters, log Z and critic), <c>gradients</c>, <c>optimiser</c>,
/// <c>reference</c>, <c>snapshot</c> (the policy that samples with a lag), and the most at a time of <c>packed</c> copies of weights and of the
/// <c>cache</c> of keys and values, while sampling, scoring or evaluating; <c>rollouts</c> are the responses of a step and those kept for replay.</param>
/// <param name="SamplingFlops">Of a step: 2 flops, a product and a sum, a weight and token, over all prompts once and all responses.</param>
/// <param name="UpdateFlops">Of a step: the reference's forward pass, and for each pass forward and backward (Kaplan and others, arXiv 2001.08361, section 2.1:
/// 2 flops a weight and token forward, 4 backward).</param>
/// <param name="GigaflopsHere">What a large matrix product reaches on this machine's processors now.</param>
public sealed record RunEstimate(
    (int Train, int Validation, int Test) Problems, long Parameters, IReadOnlyDictionary<string, long> Memory,
    double SamplingFlops, double UpdateFlops, double GigaflopsHere)
{
    private const int PromptsCounted = 200;

    /// <summary>Steps of the whole run; with epochs as if no prompt were left out for its length.</summary>
    public int Steps { get; init; }

    /// <summary>Seconds of all steps if everything ran at the rate of a matrix product; evaluations left out.</summary>
    public double SecondsAtLeast(int steps) => steps * (SamplingFlops + UpdateFlops) / (GigaflopsHere * 1e9);

    /// <param name="recipe">A validated recipe.</param>
    /// <param name="task">Its task.</param>
    /// <exception cref="BadInputException">The model is not where the recipe says, or the task has no problems to be measured on.</exception>
    public static RunEstimate Of(TrainRecipe recipe, ITask task)
    {
        MeasuredSplits.Require(task, recipe.Evaluation);
        var (config, prompt) = Model(recipe, task);
        RunMemory.Require(recipe, config, prompt);
        var parameters = new WeightLayout(config).Parameters;
        var responses = (double)recipe.Rollout.Problems * recipe.Rollout.GroupSize;
        var tokens = responses * recipe.Rollout.Sampling.MaxNewTokens + (double)recipe.Rollout.Problems * prompt;
        var backward = recipe.Training.Recompute ? 8.0 : 6.0;
        return new RunEstimate(
            (task.Problems(Split.Train).Count, task.Problems(Split.Validation).Count, task.Problems(Split.Test).Count), parameters,
            RunMemory.Of(recipe, config, prompt),
            2.0 * parameters * tokens, (2.0 + backward * recipe.Training.Passes) * parameters * tokens, Rate())
        {
            Steps = Epochs.Steps(recipe.Training.Epochs, recipe.Training.Steps, task.Problems(Split.Train).Count, recipe.Rollout.Problems),
        };
    }

    /// <summary>Refuses a run that the machine cannot hold, before its model is loaded.</summary>
    /// <exception cref="BadInputException">It cannot, or the model is not where the recipe says.</exception>
    internal static void RequireMemory(TrainRecipe recipe, ITask task)
    {
        var (config, prompt) = Model(recipe, task);
        RunMemory.Require(recipe, config, prompt);
    }

    /// <inheritdoc cref="RequireMemory(TrainRecipe, ITask)"/>
    internal static void RequireMemory(SftRecipe recipe) => RunMemory.Require(recipe, Shape(recipe.Model));

    private static DecoderConfig Shape(ModelOptions model)
    {
        if (model.Create is { } shape) return NewModel.LargestDescription(shape);
        using var source = ModelSource.Open(model.Path, model.Families);
        return source.Config;
    }

    /// <summary>The model's shape, and the tokens of the longest of the first prompts, as far as a tokenizer is there to count them.</summary>
    private static (DecoderConfig Config, int PromptTokens) Model(TrainRecipe recipe, ITask task)
    {
        if (recipe.Model.Create is { } shape) return (NewModel.LargestDescription(shape), Math.Min(recipe.Rollout.MaxPromptTokens, shape.ContextLength));
        using var source = ModelSource.Open(recipe.Model.Path, recipe.Model.Families);
        var longest = task.Problems(Split.Train).Take(PromptsCounted)
            .Select(problem => LanguageModel.EncodePrompt(source.Tokenizer, problem.Prompt, source.Path).Length).DefaultIfEmpty(0).Max();
        return (source.Config, Math.Min(longest, recipe.Rollout.MaxPromptTokens));
    }

    private static double Rate()
    {
        const int size = 1024;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var generator = new Generator(Seeds.Derive(1, "rate"));
        var (a, b) = (rand([size, size], generator: generator), rand([size, size], generator: generator));
        var best = double.MaxValue;
        for (var i = 0; i < 8; i++)
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            using var product = a.mm(b);
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }
        return 2.0 * size * size * size / best / 1e9;
    }
}
