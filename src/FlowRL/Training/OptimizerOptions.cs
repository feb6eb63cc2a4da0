using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;

namespace FlowRL.Training;

/// <summary>AdamW, its schedule and its safeguards.</summary>
public sealed record OptimizerOptions
{
    [Description("Peak learning rate of the policy.")]
    [Range(0.0, 1.0)]
    public double LearningRate { get; init; } = 1e-6;

    [Description("Decoupled weight decay of matrices; norms, biases and embeddings are not decayed.")]
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; } = 0.1;

    [Range(0.0, 0.99999)]
    [Description("Decay of the first moment.")]
    public double Beta1 { get; init; } = 0.9;

    [Range(0.0, 0.99999)]
    [Description("Decay of the second moment.")]
    public double Beta2 { get; init; } = 0.999;

    [Range(1e-12, 1.0)]
    [Description("Added to the root of the second moment.")]
    public double Epsilon { get; init; } = 1e-8;

    [Description("Optimiser steps of linear warm-up.")]
    [Range(0, int.MaxValue)]
    public int WarmupSteps { get; init; } = 10;

    [InsteadOf(nameof(WarmupSteps))]
    [Description("Share of the run's optimiser steps that is linear warm-up, rounded up, in place of warmup_steps; 0 counts in steps.")]
    [Range(0.0, 1.0)]
    public double WarmupShare { get; init; }

    [Description("Course of the learning rate after warm-up.")]
    public ScheduleShape Schedule { get; init; } = ScheduleShape.Constant;

    [Description("Learning rate at the end of a linear or cosine schedule, as a share of the peak.")]
    [Range(0.0, 1.0)]
    public double FinalShare { get; init; }

    [Description("Gradients are scaled down to this global norm; 0 leaves them.")]
    [Range(0.0, 1e9)]
    public double GradientClip { get; init; } = 1.0;

    [Description("The run stops after this many steps in a row with a loss or gradient that is not finite; such steps change nothing.")]
    [Range(1, 1000)]
    public int MaxNonFiniteSteps { get; init; } = 3;
}

/// <summary>Course of the learning rate after warm-up.</summary>
public enum ScheduleShape
{
    /// <summary>The peak to the end.</summary>
    Constant,

    /// <summary>A straight line to the final share.</summary>
    Linear,

    /// <summary>Half a cosine wave to the final share.</summary>
    Cosine,
}

/// <summary>Linear warm-up to the peak, then constant, linear or cosine decay over the rest of the run.</summary>
internal static class LearningRateSchedule
{
    private const double Rounding = 1e-9;

    /// <param name="options">Peak, warm-up, shape and final share.</param>
    /// <param name="step">Optimiser steps already taken, from 0.</param>
    /// <param name="total">Optimiser steps of the whole run.</param>
    public static double At(OptimizerOptions options, long step, long total)
    {
        var warmup = options.WarmupShare > 0 ? (long)Math.Ceiling(options.WarmupShare * total - Rounding) : options.WarmupSteps;
        if (step < warmup) return options.LearningRate * (step + 1) / warmup;
        var done = Math.Clamp((double)(step - warmup) / Math.Max(1, total - warmup), 0, 1);
        var share = options.Schedule switch
        {
            ScheduleShape.Linear => 1 - done,
            ScheduleShape.Cosine => 0.5 * (1 + Math.Cos(Math.PI * done)),
            _ => 1,
        };
        return options.LearningRate * (options.Schedule == ScheduleShape.Constant ? 1 : options.FinalShare + (1 - options.FinalShare) * share);
    }
}
