using FlowRL.Models;
using FlowRL.Models.Attention;
using FlowRL.Numerics;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models;

public sealed class DecoderTests
{
    [Theory]
    [InlineData("llama", new[] { "lm_head.weight" }, 2)]
    [InlineData("qwen2", new[] { "model.layers.0.self_attn.q_proj.bias", "model.layers.0.self_attn.k_proj.bias", "model.layers.0.self_attn.v_proj.bias" }, 1)]
    [InlineData("qwen3", new[] { "model.layers.0.self_attn.q_norm.weight", "model.layers.0.self_attn.k_norm.weight" }, 1)]
    public void Weights_have_exactly_the_names_of_their_family(string family, string[] own, int outside)
    {
        using var model = TinyModels.Create(TinyModels.Config(family));
        string[] shared =
        [
            "input_layernorm.weight", "self_attn.q_proj.weight", "self_attn.k_proj.weight", "self_attn.v_proj.weight",
            "self_attn.o_proj.weight", "post_attention_layernorm.weight", "mlp.gate_proj.weight", "mlp.up_proj.weight", "mlp.down_proj.weight",
        ];
        var expected = shared.Select(name => $"model.layers.0.{name}").Concat(own.Where(name => name.Contains("layers.0", StringComparison.Ordinal)))
            .SelectMany(name => new[] { name, name.Replace("layers.0", "layers.1", StringComparison.Ordinal) })
            .Concat(["model.embed_tokens.weight", "model.norm.weight"])
            .Concat(outside == 2 ? own : []);
        Assert.Equal(expected.Order(StringComparer.Ordinal), model.Weights.Select(pair => pair.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_packed_sequence_does_not_see_its_neighbours()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var model = TinyModels.Create(TinyModels.Config());
        using var alone = new PackedSequences([[5, 6, 7]], CPU);
        using var together = new PackedSequences([[9, 8, 4, 3, 11], [5, 6, 7], [1]], CPU);
        var expected = model.Hidden(alone.Ids, new PackedAttention(alone));
        var actual = model.Hidden(together.Ids, new PackedAttention(together)).narrow(0, 5, 3);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-5);
    }

    [Fact]
    public void A_token_does_not_see_the_future()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var model = TinyModels.Create(TinyModels.Config());
        using var one = new PackedSequences([[5, 6, 7, 8]], CPU);
        using var other = new PackedSequences([[5, 6, 9, 3]], CPU);
        var a = model.Hidden(one.Ids, new PackedAttention(one)).narrow(0, 0, 2);
        var b = model.Hidden(other.Ids, new PackedAttention(other)).narrow(0, 0, 2);
        Assert.InRange((a - b).abs().max().item<float>(), 0, 1e-6);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        using var first = TinyModels.Create(TinyModels.Config(), seed: 1);
        using var second = TinyModels.Create(TinyModels.Config(), seed: 1);
        using var other = TinyModels.Create(TinyModels.Config(), seed: 2);
        Assert.True(first.Embedding.Equals(second.Embedding));
        Assert.False(first.Embedding.Equals(other.Embedding));
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    public void Recomputed_layers_give_the_same_bits_and_the_same_gradients(string family)
    {
        using var scope = NewDisposeScope();
        (Tensor Hidden, Dictionary<string, Tensor> Gradients) Run(bool recompute)
        {
            using var model = TinyModels.Create(TinyModels.Config(family));
            model.RecomputesLayers = recompute;
            using var pack = new PackedSequences([([5, 6, 7], [1, 2]), ([5, 6, 7], [3]), ([9], [4, 4, 8])], CPU);
            using var attention = new PackedAttention(pack);
            var hidden = model.Hidden(pack.Ids, attention);
            hidden.Squared().sum().backward();
            return (hidden.detach(), model.Weights.Where(pair => pair.Value.grad is not null).ToDictionary(pair => pair.Key, pair => pair.Value.grad!.clone()));
        }
        var (kept, recomputed) = (Run(false), Run(true));
        Assert.True(kept.Hidden.Equals(recomputed.Hidden));
        Assert.Equal(kept.Gradients.Keys, recomputed.Gradients.Keys);
        Assert.All(kept.Gradients, pair => Assert.True(pair.Value.Equals(recomputed.Gradients[pair.Key]), pair.Key));
    }

    [Fact]
    public void Bf16_weights_compute_close_to_fp32()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var full = TinyModels.Create(TinyModels.Config());
        using var half = new Decoder(full.Config, CPU, ScalarType.BFloat16);
        half.Weights.CopyFrom(full.Weights);
        using var pack = new PackedSequences([[5, 6, 7, 8]], CPU);
        var expected = full.Hidden(pack.Ids, new PackedAttention(pack));
        var actual = half.Hidden(pack.Ids, new PackedAttention(pack));
        Assert.Equal(ScalarType.Float32, actual.dtype);
        Assert.InRange((expected - actual).abs().max().item<float>(), 1e-6, 0.15);
    }
}
