using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Tasks;

namespace FlowRL.Recipes;

/// <summary>Everything that decides a supervised run (<c>flowrl sft</c>): the loss is on the completion only.</summary>
public sealed record SftRecipe : IValidated
{
    [Description("The model to start from; leave out path and give 'create' to start from random weights.")]
    public ModelOptions Model { get; init; } = new();

    [Description("Shape of a new model with random weights; when given, model.path is not read.")]
    public NewModelOptions? Create { get; init; }

    [Description("Where problems and their demonstrations come from.")]
    public required TaskOptions Task { get; init; }

    [Description("Optimiser steps.")]
    [Range(1, int.MaxValue)]
    public int Steps { get; init; } = 1000;

    [Description("Stop after this many seconds of training even if steps are left; 0 sets no limit.")]
    [Range(0.0, 1e9)]
    public double MaxSeconds { get; init; }

    [Description("Demonstrations an optimiser step.")]
    [Range(1, 1 << 20)]
    public int Batch { get; init; } = 256;

    [Description("Tokens of one forward and backward pass.")]
    [Range(16, 1 << 24)]
    public int TokenBudget { get; init; } = 8192;

    [Description("Compute each layer again in the backward pass instead of keeping its activations: a third more work, a fraction of the memory.")]
    public bool Recompute { get; init; }

    [Description("Optimiser and learning-rate schedule.")]
    public OptimizerOptions Optimizer { get; init; } = new() { LearningRate = 1e-3 };

    [Description("Validation (loss and accuracy) and the final test.")]
    public EvaluationOptions Evaluation { get; init; } = new();

    [Description("What is kept of the run.")]
    public CheckpointOptions Checkpoint { get; init; } = new();

    [Description("Name, folder, seed, threads.")]
    public RunOptions Run { get; init; } = new() { Name = "sft" };

    public IEnumerable<string> Validate()
    {
        if (Create is not null && Model.Lora.IsOn)
        {
            yield return "model.lora.rank: a model that is created has no weights on disk to adapt; set rank to 0, or leave out 'create' and " +
                "give model.path.";
        }
    }
}

/// <summary>The shape of a model made from random weights, with the small vocabulary of the embedded tasks.</summary>
public sealed record NewModelOptions
{
    [Description("Width of the residual stream.")]
    [Range(8, 65536)]
    public int Width { get; init; } = 160;

    [Description("Layers.")]
    [Range(1, 1024)]
    public int Layers { get; init; } = 5;

    [Description("Attention heads; divides the width.")]
    [Range(1, 1024)]
    public int Heads { get; init; } = 5;

    [Description("Key and value heads; divides the heads.")]
    [Range(1, 1024)]
    public int KeyValueHeads { get; init; } = 5;

    [Description("Width of the gated feed-forward block.")]
    [Range(8, 262144)]
    public int FeedForwardWidth { get; init; } = 432;

    [Description("Longest sequence, in tokens.")]
    [Range(8, 1 << 20)]
    public int ContextLength { get; init; } = 256;
}
