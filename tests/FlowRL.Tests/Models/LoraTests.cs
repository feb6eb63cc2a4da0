using CsCheck;
using FlowRL.Models;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models;

/// <summary>The laws of low-rank adapters: nothing at the start, W + α/r · B A afterwards, and no other weight moves.</summary>
public sealed class LoraTests
{
    private static readonly int[] Ids = [5, 6, 7, 8, 3];
    private static readonly string[] Families = ["llama", "qwen2", "qwen3"];

    [Theory]
    [InlineData("llama")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    public void Names_and_shapes_are_those_of_PEFT(string family)
    {
        using var model = AdaptedModels.Create(TinyModels.Config(family), AdaptedModels.Options(3, 6, Projection.VProj, Projection.DownProj));
        var value = (long)model.Config.KeyValueHeads * model.Config.HeadWidth;
        Assert.Equal(
            [
                "base_model.model.model.layers.0.self_attn.v_proj.lora_A.weight [3, 24]",
                $"base_model.model.model.layers.0.self_attn.v_proj.lora_B.weight [{value}, 3]",
                "base_model.model.model.layers.0.mlp.down_proj.lora_A.weight [3, 40]",
                "base_model.model.model.layers.0.mlp.down_proj.lora_B.weight [24, 3]",
                "base_model.model.model.layers.1.self_attn.v_proj.lora_A.weight [3, 24]",
                $"base_model.model.model.layers.1.self_attn.v_proj.lora_B.weight [{value}, 3]",
                "base_model.model.model.layers.1.mlp.down_proj.lora_A.weight [3, 40]",
                "base_model.model.model.layers.1.mlp.down_proj.lora_B.weight [24, 3]",
            ],
            model.Adapters!.Weights.Select(pair => $"{pair.Key} [{string.Join(", ", pair.Value.shape)}]"));
        Assert.Equal(model.Weights.Select(pair => pair.Key), TinyModels.Create(model.Config).Weights.Select(pair => pair.Key));
    }

    [Theory]
    [InlineData("llama", ScalarType.Float32)]
    [InlineData("qwen2", ScalarType.Float32)]
    [InlineData("qwen3", ScalarType.BFloat16)]
    public void Fresh_adapters_change_no_bit(string family, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var model = AdaptedModels.Create(TinyModels.Config(family), AdaptedModels.Options(), type);
        using var reference = model.WithoutAdapters();
        Assert.True(AdaptedModels.Hidden(reference, Ids).Equals(AdaptedModels.Hidden(model, Ids)));
        AdaptedModels.Train(model);
        Assert.InRange((AdaptedModels.Hidden(reference, Ids) - AdaptedModels.Hidden(model, Ids)).abs().max().item<float>(), 0.01, 100);
    }

    [Fact]
    public void A_is_uniform_within_one_over_the_root_of_its_inputs_and_B_is_zero()
    {
        var config = TinyModels.Config() with { Width = 240, FeedForwardWidth = 400 };
        using var scope = NewDisposeScope();
        using var model = AdaptedModels.Create(config, AdaptedModels.Options(rank: 64));
        foreach (var (name, weight) in model.Adapters!.Weights)
        {
            var bound = 1 / Math.Sqrt(weight.shape[1]);
            if (name.Contains("lora_B", StringComparison.Ordinal)) Assert.Equal(0, weight.count_nonzero().item<long>());
            else
            {
                Assert.InRange(weight.abs().max().item<float>(), 0.99 * bound, bound);
                Assert.InRange(weight.mean().item<float>(), -0.05 * bound, 0.05 * bound);
                Assert.InRange(weight.std().item<float>(), 0.97 * bound / Math.Sqrt(3), 1.03 * bound / Math.Sqrt(3));
            }
        }
    }

    [Fact]
    public void A_matrix_starts_the_same_whatever_else_is_adapted_and_with_another_seed_otherwise()
    {
        using var all = AdaptedModels.Create(TinyModels.Config(), AdaptedModels.Options());
        using var one = AdaptedModels.Create(TinyModels.Config(), AdaptedModels.Options(3, 6, Projection.UpProj));
        using var other = AdaptedModels.Create(TinyModels.Config(), AdaptedModels.Options(), seed: 2);
        const string name = "base_model.model.model.layers.1.mlp.up_proj.lora_A.weight";
        Assert.True(all.Adapters!.Weights[name].Equals(one.Adapters!.Weights[name]));
        Assert.False(all.Adapters.Weights[name].Equals(other.Adapters!.Weights[name]));
        Assert.False(all.Adapters.Weights[name].Equals(all.Adapters.Weights[name.Replace("layers.1", "layers.0", StringComparison.Ordinal)]));
    }

    [Fact]
    public void Whatever_is_adapted_the_model_computes_with_W_plus_scaled_B_A() =>
        Gen.Select(Gen.Int[0, Families.Length - 1], Gen.Int[1, 9], Gen.Double[0.1, 40], Gen.Shuffle(Projections.Roles.ToArray(), 1, 7),
            Gen.ULong).Sample((family, rank, alpha, modules, seed) =>
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            using var model = AdaptedModels.Create(TinyModels.Config(Families[family]), AdaptedModels.Options(rank, alpha, modules), seed: seed);
            AdaptedModels.Train(model, 0.1, seed);
            using var plain = AdaptedModels.Plain(model);
            var expected = AdaptedModels.Hidden(plain, Ids);
            var unmerged = AdaptedModels.Hidden(model, Ids);
            model.MergeAdapters();
            var merged = AdaptedModels.Hidden(model, Ids);
            using var whole = model.WithoutAdapters();
            Close(expected, unmerged, 1e-3);
            Close(expected, merged, 1e-3);
            Assert.True(AdaptedModels.Hidden(whole, Ids).Equals(merged)); // the adapters add nothing any more
            return true;
        }, iter: 60, threads: 1);

    /// <summary>With G the gradient of the merged matrix, ∂B = s G Aᵀ and ∂A = s Bᵀ G.</summary>
    [Fact]
    public void Gradients_of_the_adapters_follow_from_that_of_the_merged_matrix_and_no_other_weight_has_one()
    {
        using var scope = NewDisposeScope();
        using var model = AdaptedModels.Create(TinyModels.Config("qwen2"), AdaptedModels.Options(3, 5));
        AdaptedModels.Train(model, 0.05);
        using var plain = AdaptedModels.Plain(model);
        Backward(model);
        Backward(plain);
        Assert.All(model.Weights, pair => Assert.True(pair.Value.grad is null, pair.Key));
        var scale = 5.0 / 3;
        foreach (var (name, weight) in plain.Weights.Where(pair => pair.Key.Contains("_proj.weight", StringComparison.Ordinal)))
        {
            var prefix = $"base_model.model.{name[..^".weight".Length]}.lora_";
            var (a, b) = (model.Adapters!.Weights[$"{prefix}A.weight"], model.Adapters.Weights[$"{prefix}B.weight"]);
            Close(weight.grad!.mm(a.detach().t()) * scale, b.grad!, 1e-4);
            Close(b.detach().t().mm(weight.grad!) * scale, a.grad!, 1e-4);
            Assert.True(a.grad!.abs().max().item<float>() > 1e-5, name);
        }
    }

    [Fact]
    public void Over_BF16_weights_the_adapters_part_is_not_rounded()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var generator = new Generator(4);
        Tensor Random(params long[] shape) => randn(shape, generator: generator);
        var (x, weight, bias) = (Random(6, 16), Random(10, 16).to_type(ScalarType.BFloat16), Random(10).to_type(ScalarType.BFloat16));
        var adapter = new LowRank(Random(2, 16), Random(10, 2) * 1e-4, 0.5);
        var added = new Linear(weight, bias, adapter).Apply(x) - new Linear(weight, bias).Apply(x);
        Assert.Equal(ScalarType.Float32, added.dtype);
        Close(x.mm(adapter.A.t()).mm(adapter.B.t()) * 0.5, added, 2e-6); // rounding to BF16 would leave 0.03
    }

    [Fact]
    public void The_reference_borrows_the_weights_themselves()
    {
        using var scope = NewDisposeScope();
        using var model = AdaptedModels.Create(TinyModels.Config(), AdaptedModels.Options());
        using (var reference = model.WithoutAdapters())
        {
            Assert.Same(model.Weights, reference.Weights);
            Assert.Same(model.Head, reference.Head);
            Assert.Null(reference.Adapters);
            Assert.All(reference.Weights, pair => Assert.False(pair.Value.requires_grad));
        }
        Assert.Equal(Ids.Length, AdaptedModels.Hidden(model, Ids).shape[0]); // still alive
        Assert.Same(model.Adapters!.Weights, model.Trainable);
    }

    [Fact]
    public void A_model_that_trains_its_weights_lends_them_to_no_reference()
    {
        using var model = TinyModels.Create(TinyModels.Config());
        Assert.Same(model.Weights, model.Trainable);
        Assert.Equal("A model without adapters trains its weights, and whatever borrows them would train with it.",
            Assert.Throws<InvalidOperationException>(model.WithoutAdapters).Message);
    }

    private static void Backward(Decoder model)
    {
        var hidden = AdaptedModels.Hidden(model, Ids);
        var (logProbs, entropy) = TokenLogProbs.Compute(hidden, model.Head, tensor(new long[] { 6, 7, 8, 3, 2 }), 1);
        (logProbs.sum() + entropy.sum() * 0.1).backward();
    }

    private static void Close(Tensor expected, Tensor actual, double tolerance) =>
        Assert.InRange((expected - actual).abs().max().item<float>() / Math.Max(1, expected.abs().max().item<float>()), 0, tolerance);
}
