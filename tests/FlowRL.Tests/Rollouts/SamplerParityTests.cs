using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Tests.Support;
using FlowRL.Training;

namespace FlowRL.Tests.Rollouts;

/// <summary>The sampler's log-probabilities are the trainer's: through cache, packing and chunking, for every family.</summary>
public sealed class SamplerParityTests
{
    [Theory]
    [InlineData("llama", 64, 20)]
    [InlineData("qwen2", 64, 20)]
    [InlineData("qwen3", 64, 20)]
    [InlineData("llama", 1200, 1024)]
    public void Sampled_and_scored_log_probs_agree(string family, int context, int maxNewTokens)
    {
        using var policy = TinyModels.Create(TinyModels.Config(family, context: context));
        using var sampler = new Sampler(policy, new IdTokenizer(23), slots: 5);
        var requests = Enumerable.Range(0, 6)
            .Select(i => new SampleRequest(new Problem($"{i}", "", ""), [.. Enumerable.Range(3, 1 + 3 * i)], 3, Seeds.Derive(7, "r", i)))
            .ToList();
        var options = new SamplingOptions { MaxNewTokens = maxNewTokens, Temperature = 0.8 };
        var groups = sampler.Sample(requests, options);

        var responses = groups.SelectMany(group => group.Responses.Select(response => (group, response))).ToList();
        Assert.True(responses.Select(pair => pair.response.Length).Distinct().Count() > 3, "lengths should differ");
        var sequences = responses.Select(pair => new TokenSequence(pair.group.PromptIds, pair.response.TokenIds)).ToList();
        var scored = LogProbScorer.Score(policy, sequences, 0.8, tokenBudget: maxNewTokens > 100 ? 2500 : 60, CancellationToken.None);
        for (var i = 0; i < responses.Count; i++)
        {
            var (sampled, trained) = (responses[i].response.LogProbs, scored[i]);
            for (var t = 0; t < sampled.Length; t++) Assert.Equal(trained[t], sampled[t], 1e-4);
            Assert.Equal(trained.Sum(x => (double)x), sampled.Sum(x => (double)x), 2e-3);
        }
    }

    [Fact]
    public void A_request_draws_the_same_tokens_whatever_else_is_in_the_batch()
    {
        using var policy = TinyModels.Create(TinyModels.Config());
        var requests = Enumerable.Range(0, 8)
            .Select(i => new SampleRequest(new Problem($"{i}", "", ""), [3 + i, 5], 4, Seeds.Derive(7, "r", i))).ToList();
        int[][] Sample(IReadOnlyList<SampleRequest> some, int slots)
        {
            using var sampler = new Sampler(policy, new IdTokenizer(23), slots);
            var groups = sampler.Sample(some, new SamplingOptions { MaxNewTokens = 30 });
            return [.. groups.SelectMany(group => group.Responses).Select(response => response.TokenIds)];
        }
        var together = Sample(requests, 32);
        Assert.Equal(together, Sample(requests, 5));
        Assert.Equal(together[12..16], Sample([requests[3]], 32));
    }
}
