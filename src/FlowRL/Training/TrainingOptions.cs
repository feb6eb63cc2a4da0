using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Rollouts;

namespace FlowRL.Training;

/// <summary>How a rollout batch becomes updates.</summary>
public sealed record TrainingOptions
{
    internal const string GradientsDescription = "Numbers of the products of the backward pass on the CPU: float32, or bfloat16, which is faster on " +
        "processors with instructions for it and slower on others. Log-probabilities and losses are in float32 in either case.";

    [Description("Steps: each samples one rollout batch and learns from it.")]
    [Range(1, int.MaxValue)]
    public int Steps { get; init; } = 100;

    [InsteadOf(nameof(Steps))]
    [Description("Passes over the training problems, in place of steps: as many steps as it takes to sample each problem so often, rounded up; 0 counts " +
        "in steps.")]
    [Range(0.0, 1e6)]
    public double Epochs { get; init; }

    [Description("Stop after this many seconds of training even if steps are left; 0 sets no limit.")]
    [Range(0.0, 1e9)]
    public double MaxSeconds { get; init; }

    [Description("Responses an update (a mini-batch); divides problems × group size plus replayed responses.")]
    [Range(1, 1 << 24)]
    public int MiniBatch { get; init; } = 64;

    [Description("Passes over each rollout batch.")]
    [Range(1, 64)]
    public int Passes { get; init; } = 1;

    [Description("Temperature of the policy and the reference in training; that of sampling unless given. Where it differs, objectives that " +
        "match a distribution need nothing more; the others need objective.correction.level.")]
    [Range(0.01, 10.0)]
    public double? Temperature { get; init; }

    [Description("Tokens, prompts included, of one forward and backward pass: bounds memory, changes no result beyond rounding and dropout masks.")]
    [Range(16, 1 << 24)]
    public int TokenBudget { get; init; } = 8192;

    [Description("Compute each layer again in the backward pass instead of keeping its activations: a third more work, a fraction of the memory.")]
    public bool Recompute { get; init; }

    [Description(GradientsDescription)]
    public GradientType Gradients { get; init; } = GradientType.Float32;

    [Description("Earlier rollouts learned from again, corrected by the importance weight.")]
    public ReplayOptions Replay { get; init; } = new();

    [Description("Optimiser and learning-rate schedule.")]
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>Share of the run done when a step, counted from 0, begins: what schedules go by.</summary>
    internal double ProgressAt(int step) => (double)step / Steps;
}

/// <summary>Numbers in which gradients are multiplied.</summary>
public enum GradientType
{
    Float32,
    Bfloat16,
}

/// <summary>The replay buffer of whole groups.</summary>
public sealed record ReplayOptions
{
    [Description("Groups kept from earlier steps; 0 switches replay off.")]
    [Range(0, 1 << 20)]
    public int Capacity { get; init; }

    [Description("Groups drawn from the buffer and added to each step's own.")]
    [Range(0, 1 << 20)]
    public int Groups { get; init; }

    [Description("Groups sampled more than this many updates ago are not drawn; 0 sets no bound.")]
    [Range(0, int.MaxValue)]
    public int MaxStaleness { get; init; }
}

/// <summary>What a step has to know of its recipe.</summary>
internal sealed record StepOptions
{
    /// <summary>From which every random choice of the run is derived.</summary>
    public required ulong Seed { get; init; }

    /// <summary>What is sampled.</summary>
    public required RolloutOptions Rollout { get; init; }

    /// <summary>How that becomes updates.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Threads of tensor work, for sampling beside the update; 0 takes one a core.</summary>
    public int Threads { get; init; }

    /// <summary>The temperature at which the policy is trained.</summary>
    public double Temperature => Training.Temperature ?? Rollout.Sampling.Temperature;

    /// <summary>Whether log-probabilities of sampling and of training are at one temperature.</summary>
    public bool HasOneTemperature => Temperature == Rollout.Sampling.Temperature;

    /// <summary>Optimiser steps of a step.</summary>
    public int Updates =>
        (int)Math.Min(Training.Passes * ((Rollout.Problems + (long)Training.Replay.Groups) * Rollout.GroupSize / Training.MiniBatch), int.MaxValue);
}
