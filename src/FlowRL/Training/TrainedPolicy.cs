using FlowRL.Models;
using FlowRL.Objectives;
using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>What training changes: the policy, the heads that the objective learns beside it, and the optimiser of them all.</summary>
internal sealed class TrainedPolicy : IDisposable
{
    /// <param name="model">The policy; borrowed.</param>
    /// <param name="objective">Says which heads it needs.</param>
    /// <param name="options">Of the optimiser.</param>
    /// <param name="updates">Optimiser steps of the whole run, for the learning rate's schedule.</param>
    /// <param name="seed">The run's.</param>
    public TrainedPolicy(LanguageModel model, IObjective objective, OptimizerOptions options, long updates, ulong seed)
    {
        Model = model;
        Optimizer = new AdamW(options);
        Optimizer.AddGroup("policy.", Decoder.Trainable, 1);
        if (objective.Needs.HasFlag(ObjectiveNeeds.LogPartition))
        {
            Partition = new PartitionFunction(Decoder.Config.Width, objective.Partition, Decoder.Device, Seeds.Derive(seed, "log Z"));
            Optimizer.AddGroup("log_z.", Partition.Weights, objective.Partition.LearningRateFactor, ClipGroup.Partition);
        }
        if (objective.Needs.HasFlag(ObjectiveNeeds.Values))
        {
            Critic = new ValueHead(Decoder.Config.Width, objective.Critic, Decoder.Device);
            Optimizer.AddGroup("critic.", Critic.Weights, objective.Critic.LearningRateFactor);
        }
        Updater = new Updater(Optimizer, options, updates);
    }

    public LanguageModel Model { get; }

    public Decoder Decoder => Model.Decoder;

    /// <summary>log Z; null where the objective has none.</summary>
    public PartitionFunction? Partition { get; }

    /// <summary>Null where the objective has none.</summary>
    public ValueHead? Critic { get; }

    public AdamW Optimizer { get; }

    public Updater Updater { get; }

    /// <summary>Optimiser steps taken: which policy this is.</summary>
    public long Version => Optimizer.Steps;

    public void Dispose()
    {
        Optimizer.Dispose();
        Partition?.Dispose();
        Critic?.Dispose();
    }

    /// <summary>The heads under stable names, for checkpoints; borrowed.</summary>
    internal IEnumerable<(string Name, Tensor Value)> Heads()
    {
        IEnumerable<(string, Tensor)> Head(string prefix, WeightSet? weights) => weights?.Select(pair => (prefix + pair.Key, pair.Value)) ?? [];
        return Head("log_z.", Partition?.Weights).Concat(Head("critic.", Critic?.Weights));
    }
}
