using FlowRL.Checkpoints;
using FlowRL.Numerics;
using FlowRL.Tests.Models.Families;
using FlowRL.Tests.Support;
using FlowRL.Training;
using static TorchSharp.torch;

namespace FlowRL.Tests.Training;

/// <summary>Five steps of AdamW on a tiny llama against PyTorch's: losses, norms of gradients before clipping, and the weights after.</summary>
public sealed class GoldenStepsTests
{
    [Fact]
    public void Five_steps_are_the_references()
    {
        var family = new GoldenFamily("llama");
        using var model = family.Load();
        using var file = SafetensorsFile.Open(GoldenFiles.Path("families", "steps", "llama", "golden.safetensors"));
        float[] Read(string name)
        {
            using var tensor = file.Read(name);
            return tensor.data<float>().ToArray();
        }
        var (losses, norms) = (Read("losses"), Read("gradient_norms"));
        var options = new OptimizerOptions { LearningRate = 1e-3, WeightDecay = 0.1, Beta1 = 0.9, Beta2 = 0.95, Epsilon = 1e-8 };
        using var optimizer = new AdamW(options);
        optimizer.AddGroup("", model.Weights, 1);
        double Loss(bool trains)
        {
            using var scope = NewDisposeScope();
            var loss = GoldenLoss.Of(model, family.Ids());
            if (trains) loss.backward();
            return loss.item<float>();
        }
        for (var step = 0; step < norms.Length; step++)
        {
            optimizer.ZeroGradients();
            Assert.Equal(losses[step], Loss(trains: true), 1e-5);
            var norm = optimizer.GradientNorm();
            Assert.Equal(norms[step], norm, 1e-5);
            // Embeddings do not decay here, and do in the reference's script.
            using (no_grad()) model.Embedding.mul_(Scalars.Of(1 - options.LearningRate * options.WeightDecay));
            optimizer.Step(options.LearningRate, Math.Min(1, 1 / (norm + 1e-6)));
        }
        Assert.Equal(losses[^1], Loss(trains: false), 1e-5);
        using var final = SafetensorsFile.Open(GoldenFiles.Path("families", "steps", "llama", "final.safetensors"));
        foreach (var (name, weight) in model.Weights)
        {
            using var expected = final.Read(name);
            Assert.InRange(GoldenFamily.Difference(weight.detach(), expected), 0, 2e-4);
        }
    }
}
