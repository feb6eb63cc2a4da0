using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Training;
using static TorchSharp.torch;

namespace FlowRL.Lab.Benchmarking;

/// <summary>
/// AdamW (arXiv 1711.05101) as a loop of tensor operations over fp32 weights, with the global norm and clipping before it. The yardstick
/// of the optimiser's speed, so it stays as it is. Borrows the weights.
/// </summary>
internal sealed class PlainAdamW : IDisposable
{
    private readonly OptimizerOptions _options;
    private readonly List<(Tensor Weight, Tensor First, Tensor Second, double Decay)> _slots = [];
    private long _steps;

    public PlainAdamW(WeightSet weights, OptimizerOptions options)
    {
        _options = options;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, weight) in weights)
        {
            var decays = weight.dim() > 1 && !name.Contains("embed", StringComparison.Ordinal);
            _slots.Add((weight, zeros_like(weight).DetachFromDisposeScope(), zeros_like(weight).DetachFromDisposeScope(), decays ? options.WeightDecay : 0));
        }
    }

    /// <summary>One step with clipped gradients, which are zero afterwards.</summary>
    public void Step(double learningRate)
    {
        using var _ = no_grad();
        var norm = Norm();
        var scale = _options.GradientClip > 0 && norm > _options.GradientClip ? _options.GradientClip / norm : 1;
        _steps++;
        var correction = 1 - Math.Pow(_options.Beta1, _steps);
        var root = Math.Sqrt(1 - Math.Pow(_options.Beta2, _steps));
        foreach (var (weight, first, second, decay) in _slots)
        {
            using var scope = NewDisposeScope();
            if (decay > 0) weight.mul_(Scalars.Of(1 - learningRate * decay));
            if (weight.grad is not { } stored) continue;
            var gradient = scale == 1 ? stored : stored * Scalars.Of(scale);
            first.mul_(Scalars.Of(_options.Beta1)).add_(gradient, Scalars.Of(1 - _options.Beta1));
            second.mul_(Scalars.Of(_options.Beta2)).addcmul_(gradient, gradient, Scalars.Of(1 - _options.Beta2));
            var denominator = second.sqrt().div_(Scalars.Of(root)).PlusInPlace(_options.Epsilon);
            weight.addcdiv_(first, denominator, Scalars.Of(-learningRate / correction));
            stored.zero_();
        }
    }

    public void Dispose()
    {
        foreach (var (_, first, second, _) in _slots)
        {
            first.Dispose();
            second.Dispose();
        }
        _slots.Clear();
    }

    private double Norm()
    {
        using var scope = NewDisposeScope();
        var sum = zeros(1, ScalarType.Float64);
        foreach (var slot in _slots)
        {
            using var gradient = slot.Weight.grad;
            if (gradient is not null) sum.PlusInPlace(gradient.Squared().sum().to_type(ScalarType.Float64));
        }
        return Math.Sqrt(sum.item<double>());
    }
}
