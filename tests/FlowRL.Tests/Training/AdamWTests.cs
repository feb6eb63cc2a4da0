using CsCheck;
using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Training;
using static TorchSharp.torch;

namespace FlowRL.Tests.Training;

public sealed class AdamWTests
{
    /// <summary>Against a scalar evaluation of algorithm 2 of arXiv 1711.05101 (decoupled weight decay).</summary>
    [Fact]
    public void Steps_equal_the_scalar_algorithm() => Gen.Select(Gen.Double[-2, 2], Gen.Double[-3, 3].Array[1, 6]).Sample((start, gradients) =>
    {
        var options = new OptimizerOptions { WeightDecay = 0.1, Beta1 = 0.9, Beta2 = 0.99, Epsilon = 1e-6 };
        using var weights = new WeightSet();
        using var scope = NewDisposeScope();
        var weight = weights.Add("w", CPU, ScalarType.Float32, 1, 1);
        using (no_grad()) weight.fill_(start);
        weights.RequireGradient(true);
        using var optimizer = new AdamW(options);
        optimizer.AddGroup("", weights, 2);

        var (expected, m, v) = ((double)(float)start, 0.0, 0.0);
        for (var t = 1; t <= gradients.Length; t++)
        {
            (weight * gradients[t - 1]).sum().backward();
            optimizer.Step(0.01, 0.5);
            optimizer.ZeroGradients();
            var g = gradients[t - 1] * 0.5;
            m = 0.9 * m + 0.1 * g;
            v = 0.99 * v + 0.01 * g * g;
            expected -= 0.02 * 0.1 * expected;
            expected -= 0.02 * (m / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.99, t))) + 1e-6);
        }
        Assert.Equal(expected, weight.item<float>(), 1e-5);
    }, iter: 50);

    [Fact]
    public void The_kernel_and_the_tensor_operations_agree() =>
        Gen.Select(Gen.Int[1, 70_000], Gen.Int[1, 50], Gen.Double[0, 0.1], Gen.Double[0.1, 2], Gen.ULong).Sample((count, step, decay, scale, seed) =>
        {
            using var scope = NewDisposeScope();
            var update = new AdamUpdate(new OptimizerOptions(), step, 0.01, decay, scale);
            using var generator = new Generator(seed);
            Tensor Normal() => randn([count], generator: generator);
            var gradient = Normal();
            var (weight, first, second) = (Normal(), Normal(), rand([count], generator: generator));
            var (weight2, first2, second2) = (weight.clone(), first.clone(), second.clone());
            AdamKernel.Apply(update, weight, gradient, first, second);
            update.Apply(weight2, gradient, first2, second2);
            foreach (var (a, b) in new[] { (weight, weight2), (first, first2), (second, second2) })
            {
                Assert.InRange(((a - b).abs() / (b.abs() + Scalars.Of(1))).max().item<float>(), 0, 2e-5);
            }
        }, iter: 20);

    [Fact]
    public void Bf16_weights_keep_small_updates_in_their_masters()
    {
        using var weights = new WeightSet();
        using var scope = NewDisposeScope();
        var weight = weights.Add("w", CPU, ScalarType.BFloat16, 4, 4);
        using (no_grad()) weight.fill_(1);
        weights.RequireGradient(true);
        using var optimizer = new AdamW(new OptimizerOptions { WeightDecay = 0 });
        optimizer.AddGroup("", weights, 1);
        // One step moves a weight of 1 by 1e-4, less than half of BF16's spacing there; forty steps move it by one spacing.
        for (var step = 0; step < 40; step++)
        {
            weight.sum().backward();
            optimizer.Step(1e-4, 1);
            optimizer.ZeroGradients();
        }
        Assert.Equal(0.996, weight.to_type(ScalarType.Float32).mean().item<float>(), 1e-3);
    }
}
