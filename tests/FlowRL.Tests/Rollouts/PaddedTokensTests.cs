using FlowRL.Checkpoints;
using FlowRL.Decoding;
using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Tests.Support;
using FlowRL.Tokenization;
using FlowRL.Training;
using static TorchSharp.torch;

namespace FlowRL.Tests.Rollouts;

/// <summary>Rows that fill a model's vocabulary up beyond its tokenizer: no probability goes to them, wherever tokens are drawn, scored or trained.</summary>
public sealed class PaddedTokensTests
{
    private const int Known = 15;

    /// <summary>A model that likes its padded rows far more than its tokens.</summary>
    private static Decoder Tempted(string family, int? known)
    {
        var model = TinyModels.Create(TinyModels.Config(family) with { TokenizerSize = known });
        using var _ = no_grad();
        using var padded = model.Head.narrow(0, Known, 23 - Known);
        using var larger = padded * Scalars.Of(9);
        padded.copy_(larger).Dispose();
        return model;
    }

    [Theory]
    [InlineData("llama", EngineKind.Cpu)]
    [InlineData("llama", EngineKind.Tensor)]
    [InlineData("qwen2", EngineKind.Cpu)]
    [InlineData("qwen2", EngineKind.Tensor)]
    public void They_are_never_drawn_and_sampler_and_trainer_agree_on_the_rest(string family, EngineKind engine)
    {
        int[] Drawn(Decoder policy, out IReadOnlyList<(TokenSequence Sequence, float[] LogProbs)> samples)
        {
            using var sampler = new Sampler(policy, new IdTokenizer(23), slots: 4, new DecodeOptions { Engine = engine });
            var groups = sampler.Sample([new SampleRequest(new Problem("0", "", ""), [3, 5], 12, Seeds.Derive(7, "r", 0))],
                new SamplingOptions { MaxNewTokens = 20 });
            samples = [.. groups[0].Responses.Select(response => (new TokenSequence(groups[0].PromptIds, response.TokenIds), response.LogProbs))];
            return [.. samples.SelectMany(sample => sample.Sequence.Response)];
        }
        using (var unaware = Tempted(family, known: null)) Assert.Contains(Drawn(unaware, out _), id => id >= Known);
        using var policy = Tempted(family, Known);
        Assert.All(Drawn(policy, out var samples), id => Assert.InRange(id, 0, Known - 1));
        var scored = LogProbScorer.Score(policy, [.. samples.Select(sample => sample.Sequence)], 1, tokenBudget: 100, CancellationToken.None);
        for (var i = 0; i < samples.Count; i++) Assert.All(scored[i].Zip(samples[i].LogProbs), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]  // fused
    [InlineData(ScalarType.BFloat16)] // by tensor operations
    public void Training_gives_their_rows_no_gradient_and_the_others_what_a_smaller_head_gives(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        var (hidden, head, tokens) = (randn([7, 5], generator: generator), randn([23, 5], generator: generator).to_type(type), zeros(7, ScalarType.Int64));
        (Tensor LogProbs, Tensor Entropy, Tensor Hidden, Tensor Head) Run(Tensor rows, int? drawn)
        {
            var (h, w) = (hidden.clone().requires_grad_(true), rows.clone().requires_grad_(true));
            var (logProbs, entropy) = TokenLogProbs.Compute(h, w, tokens, 0.7, drawn: drawn);
            (logProbs.sum() + entropy.sum()).backward();
            return (logProbs.detach(), entropy.detach(), h.grad!, w.grad!);
        }
        var (padded, small) = (Run(head, Known), Run(head.narrow(0, 0, Known), null));
        Assert.True(padded.LogProbs.equal(small.LogProbs).all().item<bool>() && padded.Entropy.equal(small.Entropy).all().item<bool>());
        Assert.True(padded.Hidden.equal(small.Hidden).all().item<bool>());
        Assert.True(padded.Head.narrow(0, 0, Known).equal(small.Head).all().item<bool>());
        Assert.Equal(0, padded.Head.narrow(0, Known, 23 - Known).count_nonzero().item<long>());
    }

    [Fact]
    public void One_that_is_to_be_scored_all_the_same_is_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("Token 15 is to be scored, and only the first 15 can be drawn.", Assert.Throws<ArgumentException>(() =>
            TokenLogProbs.Compute(zeros(1, 5), zeros(23, 5), tensor(new long[] { 15 }), 1, drawn: Known)).Message);
    }

    [Fact]
    public void A_model_with_a_smaller_tokenizer_is_loaded_so_and_saved_whole()
    {
        using var folder = new TemporaryFolder();
        using (var decoder = TinyModels.Create(TinyModels.Config(vocabulary: 160)))
            PretrainedModel.Save(folder.In("model"), new LanguageModel(decoder, ArithmeticVocabulary.Create()));
        using var model = PretrainedModel.Load(new ModelOptions { Path = folder.In("model") });
        Assert.Equal((160, 142), (model.Decoder.Config.VocabularySize, model.Decoder.Config.DrawnTokens));
        using var logits = model.Decoder.Logits(zeros(1, 24));
        Assert.Equal([1, 142], logits.shape);
        PretrainedModel.Save(folder.In("again"), model);
        Assert.Equal(File.ReadAllBytes(folder.In("model/model.safetensors")), File.ReadAllBytes(folder.In("again/model.safetensors")));
        Assert.Equal(File.ReadAllText(folder.In("model/config.json")), File.ReadAllText(folder.In("again/config.json")));
    }
}
