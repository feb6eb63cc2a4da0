using FlowRL.Models;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models.Families;

/// <summary>
/// Each switch of a family, thrown on the same weights, changes the logits by as much as it does in the reference: what a family has is computed, and no
/// golden test passes without it.
/// </summary>
public sealed class SwitchTests
{
    private static readonly Dictionary<string, Func<DecoderConfig, DecoderConfig>> Descriptions = new()
    {
        ["llama/no llama3 scaling"] = config => config with { RopeScaling = RopeScaling.None },
        ["llama/linear for llama3"] = config => config with { RopeScaling = new RopeScaling.Linear(8) },
        ["llama/eps 0.01"] = config => config with { NormEpsilon = 1e-2f },
        ["llama-tied/theta 1000"] = config => config with { RopeTheta = 1000 },
        ["llama-tied/eps 1e-06"] = config => config with { NormEpsilon = 1e-6f },
        ["mistral/no window"] = config => Windows(config, null),
        ["mistral/window - 1"] = config => Windows(config, 7),
        ["mistral/window + 1"] = config => Windows(config, 9),
        ["qwen3/eps 1e-06"] = config => config with { NormEpsilon = 1e-6f },
        ["qwen3_moe/norm_topk_prob false"] = config => config with { Experts = config.Experts! with { Renormalises = false } },
        ["qwen3_moe/top 1"] = config => config with { Experts = config.Experts! with { Chosen = 1 } },
        ["qwen3_moe/top 3"] = config => config with { Experts = config.Experts! with { Chosen = 3 } },
        ["smollm3/RoPE on all layers"] = config => config with { LayerShapes = [] },
        ["smollm3/RoPE on none"] = config => Shapes(config, shape => shape with { Turns = false }),
        ["smollm3/list inverted"] = config => Shapes(config, shape => shape with { Turns = !shape.Turns }),
        ["ministral3/no query factor"] = config => config with { QueryGrowth = config.QueryGrowth! with { Beta = 0 } },
        ["ministral3/no YaRN"] = config => config with { RopeScaling = RopeScaling.None },
        ["ministral3/attention factor 1"] = config => Yarn(config, yarn => yarn with { AttentionFactor = 1 }),
        ["ministral3/mscale ignored"] = config => Yarn(config, yarn => yarn with { AttentionFactor = 0.1 * Math.Log(4) + 1 }),
        ["ministral3/beta 32 and 1"] = config => Yarn(config, yarn => yarn with { BetaFast = 32, BetaSlow = 1 }),
        ["gemma2/no window"] = config => Windows(config, null),
        ["gemma2/window - 1"] = config => Windows(config, 7),
        ["gemma2/window + 1"] = config => Windows(config, 9),
        ["gemma2/no attention softcap"] = config => config with { AttentionSoftCap = null },
        ["gemma2/no final softcap"] = config => config with { FinalSoftCap = null },
        ["gemma2/scale 1/sqrt(head)"] = config => config with { AttentionScale = null },
        ["gemma2/w for 1+w"] = config => config with { NormsAddOne = false },
        ["gemma2/no sqrt(D)"] = config => config with { EmbeddingScale = 1 },
        ["gemma2/silu"] = config => config with { Gate = GateActivation.Silu },
        ["gemma3_text/no window"] = config => Windows(config, null),
        ["gemma3_text/window - 1"] = config => Windows(config, 6),
        ["gemma3_text/window + 1"] = config => Windows(config, 8),
        ["gemma3_text/local base everywhere"] = config => config with { RopeTheta = 50 },
        ["gemma3_text/global base everywhere"] = config => Shapes(config,
            shape => shape.Rotary is null ? shape : shape with { Rotary = shape.Rotary with { Theta = 1000 } }),
        ["gemma3_text/no linear factor"] = config => config with { RopeScaling = RopeScaling.None },
        ["gemma3_text/scale 1/sqrt(head)"] = config => config with { AttentionScale = null },
        ["gemma3_text/w for 1+w"] = config => config with { NormsAddOne = false },
        ["gemma3_text/no sqrt(D)"] = config => config with { EmbeddingScale = 1 },
        ["gemma3_text/silu"] = config => config with { Gate = GateActivation.Silu },
        ["granite/embedding 1"] = config => config with { EmbeddingScale = 1 },
        ["granite/attention 1/sqrt(head)"] = config => config with { AttentionScale = null },
        ["granite/attention 1"] = config => config with { AttentionScale = 1 },
        ["granite/residual 1"] = config => config with { ResidualScale = 1 },
        ["granite/logits 1"] = config => config with { LogitDivisor = 1 },
        ["granitemoehybrid/embedding 1"] = config => config with { EmbeddingScale = 1 },
        ["granitemoehybrid/attention 1/sqrt(head)"] = config => config with { AttentionScale = null },
        ["granitemoehybrid/residual 1"] = config => config with { ResidualScale = 1 },
        ["granitemoehybrid/logits 1"] = config => config with { LogitDivisor = 1 },
        ["granitemoehybrid/no RoPE"] = config => Every(config, LayerShape.Plain with { Turns = false }),
        ["phi3/long factors 1"] = config => Long(config, both => both with { Long = [1, 1, 1, 1, 1, 1] }),
        ["phi3/short factors"] = config => Long(config, both => both with { Long = both.Short }),
        ["phi3/cos, sin x 1"] = config => Long(config, both => both with { AttentionFactor = 1 }),
        ["phi3/whole head turns"] = config => Long(config with { RotatedWidth = null },
            both => both with { Short = [1, 1, 1, 1, 1, 1, 1, 1], Long = [.. both.Long, 9, 10] }),
        ["olmo2/eps 1e-06"] = config => config with { NormEpsilon = 1e-6f },
        ["olmo3/no window"] = config => Windows(config, null),
        ["olmo3/window - 1"] = config => Windows(config, 5),
        ["olmo3/window + 1"] = config => Windows(config, 7),
        ["olmo3/no YaRN"] = config => config with { RopeScaling = RopeScaling.None },
        ["olmo3/YaRN on all layers"] = config => Shapes(config, shape => shape with { Rotary = null }),
        ["olmo3/attention factor 1"] = config => Yarn(config, yarn => yarn with { AttentionFactor = 1 }),
        ["lfm2/eps 1e-6"] = config => config with { NormEpsilon = 1e-6f },
        ["gpt_oss/no window"] = config => Windows(config, null),
        ["gpt_oss/window - 1"] = config => Windows(config, 4),
        ["gpt_oss/window + 1"] = config => Windows(config, 6),
        ["gpt_oss/no clamp"] = config => config with { Experts = config.Experts! with { Clamp = config.Experts!.Clamp! with { Limit = 1e9 } } },
        ["gpt_oss/alpha 1"] = config => config with { Experts = config.Experts! with { Clamp = config.Experts!.Clamp! with { Alpha = 1 } } },
        ["gpt_oss/softmax before top-k"] = config => config with { Experts = config.Experts! with { Renormalises = false } },
        ["gpt_oss/YaRN truncated"] = config => Yarn(config, yarn => yarn with { Truncates = true }),
        ["gpt_oss/no YaRN"] = config => config with { RopeScaling = RopeScaling.None },
        ["qwen3_5/whole head turns"] = config => config with { RotatedWidth = null },
        ["qwen3_5/w for 1+w"] = config => config with { NormsAddOne = false },
    };

    private static readonly Dictionary<string, (string End, Func<Tensor, Tensor> Change)> Weights = new()
    {
        ["qwen2/no biases"] = (".bias", weight => zeros_like(weight)),
        ["qwen3/QK-norm weights 1"] = ("_norm.weight", weight => ones_like(weight)),
        ["qwen3_moe/QK-norm weights 1"] = ("_norm.weight", weight => ones_like(weight)),
        ["gemma3_text/QK-norm weights 0"] = ("_norm.weight", weight => zeros_like(weight)),
        ["granitemoehybrid/up before gate"] = ("input_linear.weight", Swapped),
        ["phi3/up before gate"] = ("gate_up_proj.weight", Swapped),
        ["olmo2/QK-norm weights 1"] = ("_norm.weight", weight => ones_like(weight)),
        ["lfm2/taps reversed"] = ("conv.conv.weight", weight => weight.flip(-1)),
        ["lfm2/QK-norm weights 1"] = ("_layernorm.weight", weight => ones_like(weight)),
        ["gpt_oss/no sinks"] = ("sinks", weight => full_like(weight, Scalars.Of(-1e4))),
        ["gpt_oss/no router bias"] = ("router.bias", weight => zeros_like(weight)),
        ["gpt_oss/no expert biases"] = ("proj_bias", weight => zeros_like(weight)),
        ["qwen3_5/1+w in the gated norm"] = ("linear_attn.norm.weight", weight => weight.Plus(ones_like(weight))),
        ["qwen3_5/A_log 0"] = ("A_log", weight => zeros_like(weight)),
        ["qwen3_5/dt_bias 0"] = ("dt_bias", weight => zeros_like(weight)),
        ["qwen3_5/taps reversed"] = ("conv1d.weight", weight => weight.flip(-1)),
    };

    public static TheoryData<string> InDescriptions => [.. Descriptions.Keys];

    public static TheoryData<string> InWeights => [.. Weights.Keys];

    [Theory]
    [MemberData(nameof(InDescriptions))]
    public void A_switch_of_the_description_changes_logits_as_in_the_reference(string which)
    {
        var (family, label) = Parts(which);
        using var model = family.Load(Descriptions[which](family.Config()));
        AssertChanged(family, label, model);
    }

    [Theory]
    [MemberData(nameof(InWeights))]
    public void Weights_that_are_wrong_change_logits_as_in_the_reference(string which)
    {
        var (family, label) = Parts(which);
        using var model = family.Load();
        using (NewDisposeScope())
        using (no_grad())
        {
            var (end, change) = Weights[which];
            // The norms of layers end alike in no family where another is meant.
            var changed = model.Weights.Where(pair => pair.Key.EndsWith(end, StringComparison.Ordinal)).ToList();
            Assert.NotEmpty(changed);
            foreach (var (_, weight) in changed) weight.copy_(change(weight));
        }
        AssertChanged(family, label, model);
    }

    private static void AssertChanged(GoldenFamily family, string label, Decoder model)
    {
        var expected = family.Switched(label);
        Assert.InRange(family.Difference(model), 0.98 * expected - 0.01, 1.02 * expected + 0.01);
    }

    private static (GoldenFamily Family, string Label) Parts(string which)
    {
        var slash = which.IndexOf('/', StringComparison.Ordinal);
        return (new GoldenFamily(which[..slash]), which[(slash + 1)..]);
    }

    private static Tensor Swapped(Tensor weight)
    {
        var halves = weight.chunk(2, 0);
        return cat([halves[1], halves[0]], 0);
    }

    private static DecoderConfig Shapes(DecoderConfig config, Func<LayerShape, LayerShape> change) =>
        config with { LayerShapes = [.. config.LayerShapes.Select(change)] };

    private static DecoderConfig Every(DecoderConfig config, LayerShape shape) => config with { LayerShapes = [.. Enumerable.Repeat(shape, config.Layers)] };

    private static DecoderConfig Windows(DecoderConfig config, int? window) =>
        Shapes(config, shape => shape.Window is null ? shape : shape with { Window = window });

    private static DecoderConfig Yarn(DecoderConfig config, Func<RopeScaling.Yarn, RopeScaling> change) =>
        config with { RopeScaling = change((RopeScaling.Yarn)config.RopeScaling) };

    private static DecoderConfig Long(DecoderConfig config, Func<RopeScaling.LongRope, RopeScaling> change) =>
        config with { RopeScaling = change((RopeScaling.LongRope)config.RopeScaling) };
}
