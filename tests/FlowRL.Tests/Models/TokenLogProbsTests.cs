using FlowRL.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models;

public sealed class TokenLogProbsTests
{
    [Theory]
    [InlineData(7, 5, 11, 1.0)]
    [InlineData(20, 4, 700_001, 0.6)] // 11 rows a chunk: two chunks
    public void Values_and_gradients_equal_a_plain_log_softmax(int rows, int width, int vocabulary, double temperature)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(3, CPU);
        var hidden = randn([rows, width], generator: generator);
        var head = randn([vocabulary, width], generator: generator);
        var tokens = randint(vocabulary, [rows], generator: generator, dtype: ScalarType.Int64);
        var weight = randn([rows], generator: generator);
        var entropyWeight = randn([rows], generator: generator);

        (Tensor, Tensor, Tensor, Tensor) Run(Func<Tensor, Tensor, (Tensor, Tensor)> compute)
        {
            var (h, w) = (hidden.clone().requires_grad_(true), head.clone().requires_grad_(true));
            var (logProbs, entropy) = compute(h, w);
            ((logProbs * weight).sum() + (entropy * entropyWeight).sum()).backward();
            return (logProbs.detach(), entropy.detach(), h.grad!, w.grad!);
        }

        var ours = Run((h, w) => TokenLogProbs.Compute(h, w, tokens, temperature));
        var exact = Run((h, w) => Plain(h, w, ScalarType.Float64));
        AssertClose(exact.Item1, ours.Item1, 1e-5);
        AssertClose(exact.Item2, ours.Item2, 1e-4);

        // On some processors the fp32 product of a short row with a long matrix adds one by one: no closer than torch's own can be asked.
        var plain = Run((h, w) => Plain(h, w, ScalarType.Float32));
        AssertClose(exact.Item3, ours.Item3, Math.Max(1e-4, 2 * Distance(exact.Item3, plain.Item3)));
        AssertClose(exact.Item4, ours.Item4, 1e-4);

        (Tensor, Tensor) Plain(Tensor h, Tensor w, ScalarType type)
        {
            var logP = nn.functional.linear(h.to_type(type), w.to_type(type)).div(temperature).log_softmax(1);
            return (logP.gather(1, tokens.unsqueeze(1)).squeeze(1), -(logP.exp() * logP).sum(1));
        }
    }

    /// <summary>A gradient of the head is as large as the head: with a frozen one no tensor of that size may appear.</summary>
    [Fact]
    public void A_frozen_head_costs_no_gradient()
    {
        (float[] Hidden, long Tensors) Run(bool learns)
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(3, CPU);
            var hidden = randn([7, 5], generator: generator).requires_grad_(true);
            var head = randn([11, 5], generator: generator).requires_grad_(learns);
            var (logProbs, _) = TokenLogProbs.Compute(hidden, head, zeros(7, ScalarType.Int64), 1);
            DisposeScopeManager.Statistics.Reset();
            logProbs.sum().backward();
            var made = DisposeScopeManager.Statistics.CreatedInScopeCount;
            Assert.Equal(learns, head.grad is not null);
            return (hidden.grad!.data<float>().ToArray(), made);
        }
        var (frozen, trained) = (Run(learns: false), Run(learns: true));
        Assert.Equal(trained.Hidden, frozen.Hidden);
        // Less: the gradient, and views of it and of the rows.
        Assert.InRange(trained.Tensors - frozen.Tensors, 2, 10);
    }

    [Fact]
    public void Wrong_shapes_are_named()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() =>
            TokenLogProbs.Compute(zeros(2, 3), zeros(5, 4), zeros(2, ScalarType.Int64), 1));
        Assert.Equal("hidden [2, 3] must be (M, D), head [5, 4] (V, D) and tokens [2] (M).", error.Message);
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance) =>
        Assert.InRange(Distance(expected, actual), 0, tolerance);

    private static double Distance(Tensor expected, Tensor actual) =>
        (expected - actual).abs().max().to_type(ScalarType.Float32).item<float>();
}
