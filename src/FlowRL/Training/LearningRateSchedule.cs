using FlowRL.Recipes;

namespace FlowRL.Training;

/// <summary>Linear warm-up to the peak, then constant, linear or cosine decay over the rest of the run.</summary>
public static class LearningRateSchedule
{
    /// <param name="options">Peak, warm-up, shape and final share.</param>
    /// <param name="step">Optimiser steps already taken, from 0.</param>
    /// <param name="total">Optimiser steps of the whole run.</param>
    public static double At(OptimizerOptions options, long step, long total)
    {
        if (step < options.WarmupSteps) return options.LearningRate * (step + 1) / options.WarmupSteps;
        var done = Math.Clamp((double)(step - options.WarmupSteps) / Math.Max(1, total - options.WarmupSteps), 0, 1);
        var share = options.Schedule switch
        {
            ScheduleShape.Linear => 1 - done,
            ScheduleShape.Cosine => 0.5 * (1 + Math.Cos(Math.PI * done)),
            _ => 1,
        };
        return options.LearningRate * (options.Schedule == ScheduleShape.Constant ? 1 : options.FinalShare + (1 - options.FinalShare) * share);
    }
}
