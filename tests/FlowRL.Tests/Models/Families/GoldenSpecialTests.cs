using FlowRL.Checkpoints;
using FlowRL.Decoding;
using FlowRL.Decoding.Cpu;
using FlowRL.Models;
using FlowRL.Models.Attention;
using FlowRL.Models.Layers;
using FlowRL.Numerics;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models.Families;

/// <summary>What single families have beyond logits: balance of experts, two lists of rotary divisors, weights in BF16, whole vision models.</summary>
public sealed class GoldenSpecialTests
{
    [Theory]
    [InlineData("qwen3_moe")]
    [InlineData("gpt_oss")]
    public void The_balance_of_experts_is_the_references(string name)
    {
        var family = new GoldenFamily(name);
        using var model = family.Load();
        using var scope = NewDisposeScope();
        using var balance = new ExpertBalance(coefficient: 0);
        using (no_grad()) GoldenLoss.Of(model, family.Ids(), balance);
        Assert.Equal(family.Golden("aux_loss").item<float>(), balance.Value, 1e-5);
    }

    /// <summary>By finite differences: a router's weight moves main loss plus balance as its gradient says, with layers computed again too.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_gradient_of_the_balance_reaches_the_routers(bool recomputes)
    {
        const double coefficient = 0.5;
        var family = new GoldenFamily("qwen3_moe");
        using var model = family.Load();
        using var scope = NewDisposeScope();
        var router = model.Weights["model.layers.1.mlp.gate.weight"];
        double Total()
        {
            using var inner = NewDisposeScope();
            using var _ = no_grad();
            using var counted = new ExpertBalance(coefficient);
            var loss = GoldenLoss.Of(model, family.Ids(), counted).item<float>();
            return loss + counted.Loss;
        }
        model.RecomputesLayers = recomputes;
        using var balance = new ExpertBalance(coefficient);
        GoldenLoss.Of(model, family.Ids(), balance).backward();
        // Along the gradient itself, where a step changes most; small enough that no token changes its experts.
        var direction = router.grad! / router.grad!.norm();
        var expected = (router.grad! * direction).sum().item<float>();
        const double step = 1e-3;
        void Move(double by)
        {
            using var _ = no_grad();
            router.add_(direction * Scalars.Of(by));
        }
        Move(step);
        var above = Total();
        Move(-2 * step);
        var below = Total();
        Assert.InRange((above - below) / (2 * step) / expected, 0.97, 1.03);
        model.Weights.RequireGradient(true);
    }

    [Fact]
    public void Phi_turns_short_sequences_by_the_short_list_whatever_stands_beside_them()
    {
        var family = new GoldenFamily("phi3");
        using var model = family.Load();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Assert.InRange(GoldenFamily.Difference(family.Logits(model, 32), family.Golden("short_logits")), 0, family.LogitTolerance);
        var ids = family.Ids();
        using var pack = new PackedSequences([ids[0][..32], ids[1]], CPU);
        using var attention = new PackedAttention(pack);
        var logits = model.Logits(model.Hidden(pack.Ids, attention));
        Assert.InRange(GoldenFamily.Difference(logits.narrow(0, 0, 32), family.Golden("short_logits")[0]), 0, family.LogitTolerance);
        Assert.InRange(GoldenFamily.Difference(logits.narrow(0, 32, 40), family.Golden("logits")[1]), 0, family.LogitTolerance);
    }

    [Fact]
    public void A_run_of_phi_turns_every_sequence_by_the_list_of_its_longest()
    {
        var family = new GoldenFamily("phi3");
        using var model = family.Load();
        using var scope = NewDisposeScope();
        model.LongestSequence = 40;
        Assert.InRange(GoldenFamily.Difference(family.Logits(model, 32), family.Golden("logits").narrow(1, 0, 32)), 0, family.LogitTolerance);
        model.LongestSequence = 32;
        Assert.InRange(GoldenFamily.Difference(family.Logits(model, 32), family.Golden("short_logits")), 0, family.LogitTolerance);
    }

    [Theory]
    [InlineData("llama-bf16")]
    [InlineData("gemma3_text-bf16")]
    public void Weights_in_bf16_are_read_exactly(string name)
    {
        var folder = Path.Combine(SharedModels.PathOf("families"), name);
        using var model = new Decoder(DecoderConfigJson.Read(folder), CPU);
        using var weights = WeightFolder.Open(folder);
        model.Load(weights, name);
        using var scope = NewDisposeScope();
        using var golden = SafetensorsFile.Open(Path.Combine(folder, "golden.safetensors"));
        var family = new GoldenFamily(name.Replace("-bf16", "", StringComparison.Ordinal));
        Assert.InRange(GoldenFamily.Difference(family.Logits(model), golden.Read("logits")), 0, 5e-4);
    }

    /// <summary>A text model inside of a vision model, as older and newer versions of transformers name its weights.</summary>
    [Theory]
    [InlineData("language_model.model.", "language_model.lm_head.")]
    [InlineData("model.language_model.", "lm_head.")]
    public void A_text_model_inside_of_a_vision_model_is_read(string prefix, string head)
    {
        var family = new GoldenFamily("ministral3");
        using var folder = new TemporaryFolder();
        folder.Write("config.json", $$"""
            {"model_type":"mistral3","architectures":["Mistral3ForConditionalGeneration"],"vision_config":{"hidden_size":8},
            "text_config":{{File.ReadAllText(Path.Combine(family.Folder, "config.json"))}}}
            """);
        using var original = SafetensorsFile.Open(Path.Combine(family.Folder, "model.safetensors"));
        using (var scope = NewDisposeScope())
        {
            string Inside(string name) =>
                name.StartsWith("lm_head.", StringComparison.Ordinal) ? head + name["lm_head.".Length..] : prefix + name["model.".Length..];
            WeightFolder.Write(folder.Path,
                [.. original.Names.Select(name => (Inside(name), original.Read(name))), ("vision_tower.patch.weight", zeros(2, 2))]);
        }
        using var model = new Decoder(DecoderConfigJson.Read(folder.Path), CPU);
        using var weights = TextWeights.Of(WeightFolder.Open(folder.Path));
        model.Load(weights, "vision");
        Assert.InRange(family.Difference(model), 0, family.LogitTolerance);
        folder.Write("config.json", """{"model_type":"llava","text_config":{"model_type":"llamoid"}}""");
        Assert.StartsWith($"{folder.In("config.json")} cannot be used: text_config.model_type is 'llamoid'; the families",
            Assert.Throws<BadInputException>(() => DecoderConfigJson.Read(folder.Path)).Message);
    }

    /// <summary>The fields of Gemma 3 4B, whose text model says little of itself.</summary>
    [Fact]
    public void What_a_text_model_leaves_out_is_the_familys_or_the_whole_models()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json",
            """
            {"architectures":["Gemma3ForConditionalGeneration"],"eos_token_id":[1,106],"model_type":"gemma3","image_token_index":262144,
            "text_config":{"hidden_size":2560,"intermediate_size":10240,"model_type":"gemma3_text","num_hidden_layers":34,
            "rope_scaling":{"factor":8.0,"rope_type":"linear"},"sliding_window":1024},"torch_dtype":"bfloat16","vision_config":{"hidden_size":1152}}
            """);
        var config = DecoderConfigJson.Read(folder.Path);
        Assert.Equal((262208, 8, 4, 256, 131072), (config.VocabularySize, config.Heads, config.KeyValueHeads, config.HeadWidth, config.ContextLength));
        Assert.Equal([1, 106], config.EndOfSequenceIds);
        Assert.True(config.TiedEmbeddings);
        Assert.Equal(1e6, config.RopeTheta);
        Assert.Equal(new RopeScaling.Linear(8), config.RopeScaling);
        Assert.Equal([1024, 1024, 1024, 1024, 1024, null], config.LayerShapes.Take(6).Select(shape => shape.Window));
        Assert.Equal(new RotaryRule(256, 10000, RopeScaling.None), config.LayerShapes[0].Rotary);
    }

    /// <summary>Those that the kernels of decoding serve, scored by them; the others are decoded with tensor operations.</summary>
    [Fact]
    public void Log_probabilities_of_the_kernels_of_decoding_are_the_references()
    {
        var known = GoldenFamily.Names.Where(name => CpuSupport.Obstacle(new GoldenFamily(name).Config()) is null).ToList();
        Assert.Equal(["lfm2", "gpt_oss", "qwen3_5"], GoldenFamily.Names.Except(known));
        foreach (var name in known)
        {
            var family = new GoldenFamily(name);
            using var model = family.Load();
            using var scope = NewDisposeScope();
            var ids = family.Ids();
            var scorer = DecodeEngines.Scorer(model)!;
            var scores = scorer.Score([.. ids.Select(row => row[..1])], [.. ids.Select(row => row[1..])], 1, 1000, CancellationToken.None);
            var expected = family.Golden("token_logprobs").data<float>().ToArray();
            Assert.All(scores.SelectMany(row => row).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
        }
    }

    /// <summary>The same prompt before a short response and a long one: each has the list of its own length, unless a run says how long all may be.</summary>
    [Fact]
    public void Phi_is_scored_by_each_sequences_own_list_in_the_kernels_of_decoding()
    {
        var family = new GoldenFamily("phi3");
        using var model = family.Load();
        using var scope = NewDisposeScope();
        var ids = family.Ids()[0];
        float[][] Score() => DecodeEngines.Scorer(model)!.Score([ids[..5], ids[..5]], [ids[5..32], ids[5..]], 1, 1000, CancellationToken.None);
        var tokens = tensor(ids.Select(id => (long)id).ToArray(), [40, 1]);
        float[] Expected(string logits, int length) => [.. family.Golden(logits)[0].narrow(0, 4, length - 5).log_softmax(-1)
            .gather(1, tokens.narrow(0, 5, length - 5)).flatten().data<float>()];
        void Check(float[] found, float[] expected) => Assert.All(found.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
        var own = Score();
        Check(own[0], Expected("short_logits", 32));
        Check(own[1], Expected("logits", 40));
        model.LongestSequence = 40;
        var together = Score();
        Check(together[0], Expected("logits", 32));
        Assert.Equal(own[1], together[1]);
    }

    /// <summary>Parts that the kernels of decoding do not know are an obstacle by name, so that tensor operations decode.</summary>
    [Theory]
    [InlineData("lfm2", "short convolutions")]
    [InlineData("qwen3_5", "a delta rule")]
    [InlineData("gpt_oss", "experts")]
    public void What_the_kernels_of_decoding_do_not_know_is_named(string name, string part) =>
        Assert.Contains(part, CpuSupport.Obstacle(new GoldenFamily(name).Config()));
}
