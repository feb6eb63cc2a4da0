using FlowRL.Models;
using FlowRL.Models.Attention;
using FlowRL.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models;

/// <summary>Values and gradients of the fused functions are those of the formulas in tensor operations.</summary>
public sealed class FusedFunctionTests
{
    public static TheoryData<int, int> Sizes => new() { { 1, 32 }, { 7, 32 }, { 300, 48 }, { 5, 8 }, { 5, 24 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gate(int rows, int width) => Agrees(
        inputs => FusedGate.Apply(inputs[0], inputs[1]),
        inputs => nn.functional.silu(inputs[0]) * inputs[1],
        [rows, width], [rows, width]);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Norm(int rows, int width) => Agrees(
        inputs => FusedRmsNorm.Apply(inputs[0], inputs[1], 1e-5f),
        inputs => inputs[0] * (inputs[0] * inputs[0]).mean([-1], keepdim: true).add(Scalars.Of(1e-5), Scalars.Of(1L)).rsqrt() * inputs[1],
        [rows, width], [width]);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Norm_of_heads(int rows, int width) => Agrees(
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
        Agrees(
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

    /// <summary>Plain sequences and shared prompts of every length relative to tiles and blocks; a branch may be empty.</summary>
    public static TheoryData<int, int, int, int[]> Families => new()
    {
        { 1, 1, 16, [0, 1] }, { 2, 1, 8, [3, 0, 5] }, { 2, 2, 32, [0, 40, 1, 33] }, { 6, 2, 16, [11, 27, 1, 30, 4] }, { 1, 1, 64, [70, 3, 70] },
        { 4, 1, 24, [31, 1, 2] },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void Attention(int heads, int keyHeads, int width, int[] lengths)
    {
        using var scope = NewDisposeScope();
        // A prompt, then the lengths of what follows it; a zero prompt for sequences that share nothing.
        int[] Tokens(int count) => [.. Enumerable.Range(0, count)];
        var sequences = lengths.Skip(1).Select(length => (Tokens(lengths[0]), Tokens(length))).Append((Tokens(9), Tokens(2))).ToArray();
        using var pack = new PackedSequences(sequences, CPU);
        var tokens = pack.Ids.shape[0];
        Agrees(
            inputs => FusedAttention.Apply(inputs[0], inputs[1], inputs[2], pack),
            inputs => Expected(inputs[0], inputs[1], inputs[2], pack),
            [tokens, heads, width], [tokens, keyHeads, width], [tokens, keyHeads, width]);
    }

    /// <summary>Softmax attention token by token, as it is defined.</summary>
    private static Tensor Expected(Tensor q, Tensor k, Tensor v, PackedSequences pack)
    {
        var groups = q.shape[1] / k.shape[1];
        var (keys, values) = (k.repeat_interleave(groups, 1), v.repeat_interleave(groups, 1));
        var rows = new Tensor[q.shape[0]];
        for (var sequence = 0; sequence < pack.Sequences; sequence++)
        {
            for (var t = 0; t < pack.Length(sequence); t++)
            {
                var seen = tensor(Enumerable.Range(0, t + 1).Select(position => (long)pack.Token(sequence, position)).ToArray());
                var token = pack.Token(sequence, t);
                var scores = (q[token].unsqueeze(0) * keys.index_select(0, seen)).sum([2L]) / Scalars.Of(Math.Sqrt(q.shape[2])); // (t, H)
                rows[token] = (nn.functional.softmax(scores, 0).unsqueeze(2) * values.index_select(0, seen)).sum([0L]).view(1, -1);
            }
        }
        return cat(rows);
    }

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
            FusedGate.Apply(FusedRmsNorm.Apply(x, weight, 1e-5f), x).sum().backward();
            x.grad!.Dispose();
        }
        Once();
        // Of this thread alone: what other tests forgot is collected at any moment.
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 50; i++) Once();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void Agrees(Func<Tensor[], Tensor> fused, Func<Tensor[], Tensor> plain, params long[][] shapes)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(5);
        var values = shapes.Select(shape => randn(shape, generator: generator)).ToArray();
        (Tensor Value, Tensor[] Gradients) Run(Func<Tensor[], Tensor> function)
        {
            var inputs = values.Select(value => value.clone().requires_grad_(true)).ToArray();
            var output = function(inputs);
            var weights = randn(output.shape, generator: new Generator(6));
            (output * weights).sum().backward();
            return (output.detach(), [.. inputs.Select(input => input.grad!)]);
        }
        var (ours, theirs) = (Run(fused), Run(plain));
        Assert.InRange((ours.Value - theirs.Value).abs().max().item<float>(), 0, 1e-5);
        foreach (var (a, b) in ours.Gradients.Zip(theirs.Gradients))
        {
            Assert.InRange((a - b).abs().max().item<float>() / Math.Max(1, b.abs().max().item<float>()), 0, 1e-5);
        }
    }
}
