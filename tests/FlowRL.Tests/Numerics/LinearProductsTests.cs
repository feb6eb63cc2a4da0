using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Tests.Numerics;

public sealed class LinearProductsTests
{
    [Fact]
    public void The_kernels_and_the_library_compute_the_same()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = new Generator(1, CPU);
        // Neither input lies in order: the kernels read copies of such.
        var (x, dy) = (randn([70, 50], generator: generator).t(), randn([90, 50], generator: generator).t());
        var (w, bias) = (randn([90, 70], generator: generator), randn([90], generator: generator));

        AssertClose(LinearProducts.Forward(x, w, bias, own: false), LinearProducts.Forward(x, w, bias, own: true));
        AssertClose(LinearProducts.Forward(x, w, null, own: false), LinearProducts.Forward(x, w, null, own: true));
        AssertClose(LinearProducts.InputGradient(dy, w, own: false), LinearProducts.InputGradient(dy, w, own: true));
        var (one, other) = (ones(90, 70), ones(90, 70));
        LinearProducts.AddWeightGradient(dy, x, one, own: false);
        LinearProducts.AddWeightGradient(dy, x, other, own: true);
        AssertClose(one, other);
    }

    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 5e-5f);
}
