using FlowRL.Rollouts;

namespace FlowRL.Training;

/// <summary>What a step has to know of its recipe.</summary>
public sealed record StepOptions
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
    public int Updates => Training.Passes * ((Rollout.Problems + Training.Replay.Groups) * Rollout.GroupSize / Training.MiniBatch);
}
