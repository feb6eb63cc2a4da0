using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Checkpoints;
using FlowRL.Configuration;
using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Tasks;
using FlowRL.Training;
using FlowRL.Training.Supervised;

namespace FlowRL.Recipes;

/// <summary>
/// Everything that decides a supervised run (<c>flowrl sft</c>): of demonstrations the loss is on the completion, of conversations on what the assistant
/// writes.
/// </summary>
public sealed record SftRecipe : IValidated
{
    [Assemblies]
    [Description(AssembliesAttribute.Description)]
    public IReadOnlyList<string> Assembly { get; init; } = [];

    [Description("The model to start from.")]
    public ModelOptions Model { get; init; } = new();

    [Description("What is learnt: the task's demonstrations. With data, what the model is sampled on in validations and at the end.")]
    public TaskOptions? Task { get; init; }

    [Description("What is learnt, in place of a task's demonstrations: examples from files, as conversations or pairs.")]
    public ExampleOptions? Data { get; init; }

    [Description("Optimiser steps.")]
    [Range(1, int.MaxValue)]
    public int Steps { get; init; } = 1000;

    [InsteadOf(nameof(Steps))]
    [Description("Passes over the demonstrated problems or the examples, in place of steps, rounded up to whole steps; 0 counts in steps.")]
    [Range(0.0, 1e6)]
    public double Epochs { get; init; }

    [Description("Stop after this many seconds of training even if steps are left; 0 sets no limit.")]
    [Range(0.0, 1e9)]
    public double MaxSeconds { get; init; }

    [Description("Demonstrations or examples an optimiser step; packs of them with packing.")]
    [Range(1, 1 << 20)]
    public int Batch { get; init; } = 256;

    [Description("Tokens of one forward and backward pass, and of a pack. Gradients add up until a batch is whole; nothing is padded.")]
    [Range(16, 1 << 24)]
    public int TokenBudget { get; init; } = 8192;

    [Description("Whether a batch counts examples (none), or packs that hold as many examples as fit token_budget (best_fit). Examples of a pack do not see " +
        "each other, and each begins at position 0. For examples of data.")]
    public PackingRule Packing { get; init; }

    [Description("Compute each layer again in the backward pass instead of keeping its activations: a third more work, a fraction of the memory.")]
    public bool Recompute { get; init; }

    [Description(TrainingOptions.GradientsDescription)]
    public GradientType Gradients { get; init; } = GradientType.Float32;

    [Description("Optimiser and learning-rate schedule.")]
    public OptimizerOptions Optimizer { get; init; } = new() { LearningRate = 1e-3 };

    [Description("Validation (loss and accuracy) and the final test.")]
    public EvaluationOptions Evaluation { get; init; } = new();

    [Description("What is kept of the run.")]
    public CheckpointOptions Checkpoint { get; init; } = new();

    [Description("Name, folder, seed, threads.")]
    public RunOptions Run { get; init; } = new();

    public IEnumerable<string> Validate()
    {
        if (Task is null && Data is null)
            yield return "task: is missing, and so is data; give a task whose demonstrations are learnt, or files of examples in data.train.";
        if (Packing != PackingRule.None && Data is null)
            yield return "packing: is for examples of data; a task's demonstrations share passes already, as many as fit token_budget.";
        if (Packing != PackingRule.None && Data is { MaxTokens: var longest } && longest > TokenBudget)
            yield return $"data.max_tokens: {longest} is more than a pack holds ({TokenBudget} tokens); raise token_budget, or lower it.";
        if (Data is not null && Task is null && Evaluation.ExactBeta is not null)
            yield return "evaluation.exact_beta: is measured by a task's rewards; leave the key out, or give a task.";
    }
}
