using FlowRL.Lab.Benchmarking;
using FlowRL.Models;
using FlowRL.Tests.Support;
using FlowRL.Training;
using FlowRL.Training.Supervised;
using static TorchSharp.torch;

namespace FlowRL.Tests.Lab.Benchmarking;

/// <summary>A yardstick that computes something else measures nothing.</summary>
public sealed class PlainTrainingTests
{
    private static readonly TokenSequence[] Sequences = [new([3, 4, 5], [6, 7, 8, 9]), new([10], [11]), new([12, 13], [14, 15, 16, 3, 4, 5])];

    [Theory]
    [InlineData("llama")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    public void Loss_and_gradients_are_those_of_the_trainer(string family)
    {
        using var plain = TinyModels.Create(TinyModels.Config(family));
        using var real = TinyModels.Create(TinyModels.Config(family));
        foreach (var weights in new[] { plain.Weights, real.Weights }) Disturb(weights);
        var (expected, _) = SupervisedLoss.Backward(real, Sequences, tokenBudget: 8192, 0, CancellationToken.None);
        Assert.Equal(expected, new PlainModel(plain).Backward(Sequences), 1e-5);
        using var scope = NewDisposeScope();
        foreach (var (name, weight) in real.Weights)
        {
            var gap = (weight.grad! - plain.Weights[name].grad!).abs().max().item<float>();
            Assert.True(gap < 1e-5, $"{name}: {gap}");
            Assert.True(weight.grad!.abs().max().item<float>() > 1e-6, $"{name} has no gradient to compare");
        }
    }

    [Fact]
    public void Steps_are_those_of_the_optimiser()
    {
        var options = new OptimizerOptions { LearningRate = 0.01, WarmupSteps = 0, GradientClip = 0.5 };
        using var plain = TinyModels.Create(TinyModels.Config());
        using var real = TinyModels.Create(TinyModels.Config());
        using var yardstick = new PlainAdamW(plain.Weights, options);
        using var optimizer = new AdamW(options);
        optimizer.AddGroup("", real.Weights, 1);
        var updater = new Updater(optimizer, options, totalSteps: 3);
        for (var step = 0; step < 3; step++)
        {
            new PlainModel(plain).Backward(Sequences);
            yardstick.Step(options.LearningRate);
            updater.Apply(SupervisedLoss.Backward(real, Sequences, 8192, 0, CancellationToken.None).Loss, new Metrics());
        }
        using var start = TinyModels.Create(TinyModels.Config());
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, weight) in real.Weights)
        {
            Assert.True((weight - plain.Weights[name]).abs().max().item<float>() < 1e-3, name);
            Assert.True((weight - start.Weights[name]).abs().max().item<float>() > 1e-2, $"{name} has not moved");
        }
    }

    [Fact]
    public void A_step_leaves_no_tensor_behind()
    {
        using var model = TinyModels.Create(TinyModels.Config());
        using var optimizer = new PlainAdamW(model.Weights, new OptimizerOptions());
        var plain = new PlainModel(model);
        void Step()
        {
            using var scope = NewDisposeScope();
            plain.Backward(Sequences);
            optimizer.Step(0.01);
        }
        Step();
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Step();
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>Zero biases and unit norms would hide a mistake in them.</summary>
    private static void Disturb(WeightSet weights)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = new Generator(5);
        foreach (var (_, weight) in weights.Where(pair => pair.Value.dim() == 1)) weight.add_(randn(weight.shape, generator: generator) * 0.3);
    }
}
