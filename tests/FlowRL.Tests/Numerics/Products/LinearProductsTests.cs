using FlowRL.Numerics;
using FlowRL.Numerics.Products;
using static TorchSharp.torch;

namespace FlowRL.Tests.Numerics.Products;

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

    [Fact]
    public void Short_gradients_are_those_of_rounded_factors_and_the_forward_pass_is_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = new Generator(2, CPU);
        var (x, dy, w) = (randn([50, 70], generator: generator), randn([50, 90], generator: generator), randn([90, 70], generator: generator));
        Tensor Rounded(Tensor tensor) => tensor.to(ScalarType.BFloat16).to(ScalarType.Float32);
        var forward = LinearProducts.Forward(x, w, null);
        Tensor dx, added = ones(50, 70), dw = ones(90, 70);
        using (ShortGradients.On(true))
        {
            Assert.True(forward.equal(LinearProducts.Forward(x, w, null)).all().item<bool>());
            dx = LinearProducts.InputGradient(dy, w);
            LinearProducts.AddInputGradient(dy, w, added);
            LinearProducts.AddWeightGradient(dy, x, dw);
            using (ShortGradients.On(false)) Assert.False(ShortGradients.AreOn);
            Assert.True(ShortGradients.AreOn);
        }
        Assert.False(ShortGradients.AreOn);

        AssertRounded(Rounded(dy).mm(Rounded(w)), dx);
        AssertRounded(Rounded(dy).mm(Rounded(w)), added - ones(50, 70));
        AssertRounded(Rounded(dy).t().mm(Rounded(x)), dw - ones(90, 70));
        Assert.True((dx - LinearProducts.InputGradient(dy, w)).abs().max().item<float>() > 1e-4);
    }

    // Each result has 8 bits: half of the last one is 2^-9 of it.
    private static void AssertRounded(Tensor expected, Tensor actual) =>
        Assert.InRange(((expected - actual).abs() / (expected.abs() + Scalars.Of(1e-2))).max().item<float>(), 0, 1 / 256f);

    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 5e-5f);
}
