using FlowRL.Models;
using FlowRL.Models.Adapters;
using FlowRL.Numerics;
using FlowRL.Tests.Runs;
using FlowRL.Tests.Support;
using FlowRL.Training;
using FlowRL.Training.Supervised;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models.Adapters;

[Collection(nameof(MemoryTests))]
public sealed class AdapterDropoutTests
{
    private static readonly TokenSequence[] Sequences = [new([3, 4, 5], [9, 8, 7, 6]), new([3, 4], [5, 9, 2])];

    [Fact]
    public void Inputs_are_left_out_at_the_rate_within_a_pass_and_nowhere_else()
    {
        using var scope = NewDisposeScope();
        var dropout = new AdapterDropout(0.25);
        var x = ones(100, 100);
        Assert.True(x.Equals(dropout.Apply(x, "a")));
        Tensor first, again, other, later;
        using (dropout.Begin(7)) (first, again, other) = (dropout.Apply(x, "a"), dropout.Apply(x, "a"), dropout.Apply(x, "b"));
        using (dropout.Begin(8)) later = dropout.Apply(x, "a");
        Assert.True(x.Equals(dropout.Apply(x, "a")));
        Assert.InRange(first.eq(Scalars.Of(0)).sum().item<long>(), 2300, 2700);
        Assert.Equal(1, first.mean().item<float>(), 0.05); // what is kept counts for more
        Assert.Equal(4f / 3, first.max().item<float>(), 1e-6);
        Assert.True(first.Equals(again)); // computed again it is the same
        Assert.False(first.Equals(other));
        Assert.False(first.Equals(later));
        Assert.Null(new AdapterDropout(0).Begin(1));
    }

    [Fact]
    public void Scoring_leaves_nothing_out_and_an_update_does()
    {
        using var plain = Model(0);
        using var thinned = Model(0.3);
        float[] Scores(Decoder model) => [.. LogProbScorer.Score(model, Sequences, 1, 100, CancellationToken.None).SelectMany(row => row)];
        Assert.Equal(Scores(plain), Scores(thinned));
        using (thinned.DropOut(5)) Assert.NotEqual(Scores(plain), Scores(thinned));
        Assert.Equal(Scores(plain), Scores(thinned));
    }

    [Fact]
    public void Layers_that_are_computed_again_have_the_same_masks()
    {
        byte[] Gradient(bool recomputes, ulong seed)
        {
            using var model = Model(0.3);
            model.RecomputesLayers = recomputes;
            SupervisedLoss.Backward(model, Sequences, 100, seed, CancellationToken.None);
            return [.. model.Adapters!.Weights.SelectMany(pair => pair.Value.grad!.bytes.ToArray())];
        }
        Assert.Equal(Gradient(false, 1), Gradient(true, 1));
        Assert.NotEqual(Gradient(false, 1), Gradient(false, 2));
    }

    private static Decoder Model(double dropout)
    {
        var model = AdaptedModels.Create(TinyModels.Config(), AdaptedModels.Options() with { Dropout = dropout });
        AdaptedModels.Train(model);
        return model;
    }
}
