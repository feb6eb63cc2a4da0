using FlowRL.Models;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>
/// AdamW (arXiv 1711.05101) over named weights in groups with learning rates of their own. Moments are fp32, and weights of a shorter
/// type have fp32 masters, so that small updates are not lost. The state is named tensors: saving it is writing them.
/// </summary>
internal sealed class AdamW : IDisposable
{
    private readonly OptimizerOptions _options;
    private readonly List<Slot> _slots = [];

    public AdamW(OptimizerOptions options) => _options = options;

    /// <summary>Optimiser steps taken.</summary>
    public long Steps { get; set; }

    /// <summary>
    /// Adds weights whose learning rate is <paramref name="learningRateFactor"/> times the schedule's. Matrices decay; vectors and
    /// embeddings do not. Call it after the weights are on their device.
    /// </summary>
    /// <param name="prefix">Of their names in the state.</param>
    /// <param name="weights">Borrowed.</param>
    /// <param name="learningRateFactor">Of the schedule's rate.</param>
    /// <param name="clipping">With whose gradients theirs are clipped.</param>
    public void AddGroup(string prefix, WeightSet weights, double learningRateFactor, ClipGroup clipping = ClipGroup.Policy)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, weight) in weights)
        {
            var decays = weight.dim() > 1 && !name.Contains("embed", StringComparison.Ordinal);
            var master = weight.dtype == ScalarType.Float32 ? weight : weight.to_type(ScalarType.Float32).detach().DetachFromDisposeScope();
            _slots.Add(new Slot(prefix + name, weight, master,
                zeros_like(weight, dtype: ScalarType.Float32).DetachFromDisposeScope(),
                zeros_like(weight, dtype: ScalarType.Float32).DetachFromDisposeScope(),
                learningRateFactor, decays ? _options.WeightDecay : 0, clipping));
        }
    }

    /// <summary>The Euclidean norm of the gradients of a group together; weights without a gradient count as zero.</summary>
    public double GradientNorm(ClipGroup group = ClipGroup.Policy)
    {
        using var _ = no_grad();
        var sum = 0.0;
        foreach (var slot in _slots.Where(slot => slot.Clipping == group))
        {
            using var scope = NewDisposeScope();
            if (slot.Weight.grad is not { } stored) continue;
            var gradient = stored.to_type(ScalarType.Float32);
            sum += TensorMemory.IsReachable(gradient) ? SquareSum.Of(gradient) : gradient.Squared().sum().item<float>();
        }
        return Math.Sqrt(sum);
    }

    /// <summary>One step with the learning rate <paramref name="learningRate"/>, gradients multiplied by a scale, those of log Z by their own.</summary>
    public void Step(double learningRate, double gradientScale, double partitionScale = 1)
    {
        Steps++;
        using var _ = no_grad();
        foreach (var slot in _slots)
        {
            using var scope = NewDisposeScope();
            var rate = learningRate * slot.LearningRateFactor;
            var update = new AdamUpdate(_options, Steps, rate, slot.Decay, slot.Clipping == ClipGroup.Partition ? partitionScale : gradientScale);
            if (slot.Weight.grad is not { } stored)
            {
                if (slot.Decay > 0) slot.Master.mul_(Scalars.Of(1 - rate * slot.Decay));
            }
            else if (TensorMemory.IsReachable(slot.Master)) AdamKernel.Apply(update, slot.Master, stored.to_type(ScalarType.Float32), slot.First, slot.Second);
            else update.Apply(slot.Master, stored.to_type(ScalarType.Float32), slot.First, slot.Second);
            if (!ReferenceEquals(slot.Master, slot.Weight)) slot.Weight.copy_(slot.Master);
        }
    }

    /// <summary>Forgets gradients, freeing nothing: the next backward pass adds into the same memory.</summary>
    public void ZeroGradients()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var slot in _slots) slot.Weight.grad?.zero_();
    }

    /// <summary>The state to save: borrowed tensors under stable names.</summary>
    public IEnumerable<(string Name, Tensor Value)> State()
    {
        foreach (var slot in _slots)
        {
            yield return ($"first.{slot.Name}", slot.First);
            yield return ($"second.{slot.Name}", slot.Second);
            if (!ReferenceEquals(slot.Master, slot.Weight)) yield return ($"master.{slot.Name}", slot.Master);
        }
    }

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.First.Dispose();
            slot.Second.Dispose();
            if (!ReferenceEquals(slot.Master, slot.Weight)) slot.Master.Dispose();
        }
        _slots.Clear();
    }

    private sealed record Slot(
        string Name, Tensor Weight, Tensor Master, Tensor First, Tensor Second, double LearningRateFactor, double Decay, ClipGroup Clipping);
}

/// <summary>Gradients that are clipped by one norm.</summary>
internal enum ClipGroup
{
    /// <summary>The policy's, and the critic's.</summary>
    Policy,

    /// <summary>
    /// Those of log Z's network: its regression starts far away, and in one norm with the policy's it would hold the policy's steps down on every update.
    /// </summary>
    Partition,
}
