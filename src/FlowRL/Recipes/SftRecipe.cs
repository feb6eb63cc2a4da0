using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Checkpoints;
using FlowRL.Configuration;
using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Tasks;
using FlowRL.Training;

namespace FlowRL.Recipes;

/// <summary>Everything that decides a supervised run (<c>flowrl sft</c>): the loss is on the completion only.</summary>
public sealed record SftRecipe
{
    [Assemblies]
    [Description(AssembliesAttribute.Description)]
    public IReadOnlyList<string> Assembly { get; init; } = [];

    [Description("The model to start from.")]
    public ModelOptions Model { get; init; } = new();

    [Description("Where problems and their demonstrations come from.")]
    public required TaskOptions Task { get; init; }

    [Description("Optimiser steps.")]
    [Range(1, int.MaxValue)]
    public int Steps { get; init; } = 1000;

    [InsteadOf(nameof(Steps))]
    [Description("Passes over the demonstrated problems, in place of steps, rounded up to whole steps; 0 counts in steps.")]
    [Range(0.0, 1e6)]
    public double Epochs { get; init; }

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
    public RunOptions Run { get; init; } = new();
}
