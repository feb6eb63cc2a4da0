using static TorchSharp.torch;

namespace FlowRL.Tests.Support;

/// <summary>Compares functions by their values and by the gradients of all their inputs.</summary>
internal static class Gradients
{
    /// <summary>Both give the same for normal inputs of these shapes, and so do gradients of a random weighing of what they give.</summary>
    public static void Agree(Func<Tensor[], Tensor> ours, Func<Tensor[], Tensor> theirs, params long[][] shapes) => Agree(ours, theirs, 1e-5, shapes);

    /// <inheritdoc cref="Agree(Func{Tensor[], Tensor}, Func{Tensor[], Tensor}, long[][])"/>
    public static void Agree(Func<Tensor[], Tensor> ours, Func<Tensor[], Tensor> theirs, double tolerance, params long[][] shapes)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(5);
        var inputs = shapes.Select(shape => randn(shape, generator: generator)).ToArray();
        var (a, b) = (Of(ours, inputs), Of(theirs, inputs));
        Assert.InRange((a.Value - b.Value).abs().max().item<float>(), 0, tolerance);
        foreach (var (x, y) in a.Gradients.Zip(b.Gradients))
        {
            Assert.InRange((x - y).abs().max().item<float>() / Math.Max(1, y.abs().max().item<float>()), 0, tolerance);
        }
    }

    /// <summary>What a function gives, and the gradients of its weighed sum, in the current dispose scope.</summary>
    public static (Tensor Value, Tensor[] Gradients) Of(Func<Tensor[], Tensor> function, Tensor[] values)
    {
        var inputs = values.Select(value => value.clone().requires_grad_(true)).ToArray();
        var output = function(inputs);
        Weighed(output).backward();
        return (output.detach(), [.. inputs.Select(input => input.grad!)]);
    }

    /// <summary>The sum that <see cref="Of"/> differentiates.</summary>
    public static Tensor Weighed(Tensor output) => (output * randn(output.shape, generator: new Generator(6))).sum();
}
