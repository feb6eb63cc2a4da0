using FlowRL.Models;
using FlowRL.Models.Functions;
using FlowRL.Models.Layers;
using FlowRL.Numerics;
using FlowRL.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models.Functions;

/// <summary>Values and gradients of the fused functions are those of the formulas in tensor operations.</summary>
public sealed class FusedFunctionTests
{
    public static TheoryData<int, int> Sizes => new() { { 1, 32 }, { 7, 32 }, { 300, 48 }, { 5, 8 }, { 5, 24 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gate(int rows, int width) => Gradients.Agree(
        inputs => FusedGate.Apply(inputs[0], inputs[1]),
        inputs => nn.functional.silu(inputs[0]) * inputs[1],
        [rows, width], [rows, width]);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Norm(int rows, int width) => Gradients.Agree(
        inputs => FusedRmsNorm.Apply(inputs[0], inputs[1], 1e-5f),
        inputs => inputs[0] * (inputs[0] * inputs[0]).mean([-1], keepdim: true).add(Scalars.Of(1e-5), Scalars.Of(1L)).rsqrt() * inputs[1],
        [rows, width], [width]);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Norm_of_heads(int rows, int width) => Gradients.Agree(
        inputs => FusedRmsNorm.Apply(inputs[0], inputs[1], 1e-5f),
        inputs => inputs[0] * (inputs[0] * inputs[0]).mean([-1], keepdim: true).add(Scalars.Of(1e-5), Scalars.Of(1L)).rsqrt() * inputs[1],
        [rows, 3, width], [width]);

    [Theory]
    [InlineData(1, 32, 32)]
    [InlineData(7, 12, 12)]
    [InlineData(300, 48, 48)]
    [InlineData(5, 2, 2)]
    [InlineData(5, 32, 12)]
    [InlineData(5, 96, 72)]
    public void Rotation(int rows, int width, int turned)
    {
        using var scope = NewDisposeScope();
        var angles = rand([rows, 1, turned / 2], generator: new Generator(4));
        var (cos, sin) = (angles.cos(), angles.sin());
        Gradients.Agree(
            inputs => FusedRotation.Apply(inputs[0], (cos, sin)),
            inputs => RotaryEmbedding.RotatePlainly(inputs[0], (cos, sin)),
            [rows, 3, width]);
        var x = randn([rows, 3, width], generator: new Generator(3));
        // By hand: pairs i and i + turned/2, and the rest as it is.
        var (expected, half) = (x.clone(), turned / 2);
        expected[.., .., ..half] = x[.., .., ..half] * cos - x[.., .., half..turned] * sin;
        expected[.., .., half..turned] = (x[.., .., half..turned] * cos).Plus(x[.., .., ..half] * sin);
        Assert.InRange((RotaryEmbedding.RotatePlainly(x, (cos, sin)) - expected).abs().max().item<float>(), 0, 1e-6);
    }

    /// <summary>Gradients of matrices are added to those that are there, here none.</summary>
    [Theory]
    [InlineData(1, 5, 3, 1)]
    [InlineData(70, 40, 33, 4)]
    [InlineData(250, 96, 160, 8)]
    public void Linear_layer_with_an_adapter(int rows, int inputs, int outputs, int rank) => Gradients.Agree(
        all => FusedLinear.Apply(all[0], all[1], all[2], new LowRank(all[3], all[4], 0.5)),
        all => nn.functional.linear(all[0], all[1], all[2]).Plus(all[0].mm(all[3].t()).mm(all[4].t()) * Scalars.Of(0.5)),
        1e-4, [rows, inputs], [outputs, inputs], [outputs], [rank, inputs], [outputs, rank]);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(9, 40, 7)]
    [InlineData(300, 900, 150)]
    public void Rows_by_their_numbers(int rows, int chosen, int width)
    {
        using var numbers = randint(0, rows, [chosen], generator: new Generator(2));
        Gradients.Agree(inputs => GatheredRows.Apply(inputs[0], numbers), inputs => inputs[0].index_select(0, numbers), [rows, width]);
    }

    [Fact]
    public void Means_of_ranges() => Gradients.Agree(
        inputs => RangeMeans.Apply(inputs[0], [(0, 5), (7, 1), (3, 6)]),
        inputs => stack([inputs[0].narrow(0, 0, 5).mean([0L]), inputs[0][7], inputs[0].narrow(0, 3, 6).mean([0L])]),
        [11, 20]);

    [Fact]
    public void Nothing_stays_alive_after_a_backward_pass()
    {
        using var outer = NewDisposeScope();
        var generator = new Generator(7);
        using var x = rand([6, 32], generator: generator).requires_grad_(true);
        using var weight = rand([32], generator: generator).requires_grad_(true);
        void Once()
        {
            using var scope = NewDisposeScope();
            var y = GatheredRows.Apply(FusedGate.Apply(FusedRmsNorm.Apply(x, weight, 1e-5f), x), tensor([3L, 0, 3]));
            RangeMeans.Apply(y, [(1, 2)]).sum().backward();
            x.grad!.Dispose();
        }
        Once();
        // Of this thread alone: what other tests forgot is collected at any moment.
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 50; i++) Once();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
