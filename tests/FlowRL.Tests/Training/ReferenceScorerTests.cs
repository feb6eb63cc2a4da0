using FlowRL.Tests.Support;
using FlowRL.Training;

namespace FlowRL.Tests.Training;

public sealed class ReferenceScorerTests
{
    [Theory]
    [InlineData("llama", 32)]
    [InlineData("qwen2", 16)]
    [InlineData("qwen3", 8)]
    public void Scores_are_those_of_the_trainer(string family, int headWidth)
    {
        using var model = TinyModels.Create(TinyModels.Config(family) with { HeadWidth = headWidth });
        var random = new Random(5);
        int[] Tokens(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(23))];
        int[][] prompts = [Tokens(1), Tokens(9), Tokens(30)];
        // Groups that share a prompt, one that comes back later, responses of one token and of many.
        var sequences = new[] { 0, 1, 1, 1, 2, 2, 1, 0 }.Select((prompt, i) => new TokenSequence([.. prompts[prompt]], Tokens(1 + 5 * (i % 4)))).ToList();
        foreach (var budget in new[] { 1, 40, 10_000 })
        {
            var scores = ReferenceScorer.Score(model, sequences, 0.7, budget, CancellationToken.None);
            var expected = LogProbScorer.Score(model, sequences, 0.7, 10_000, CancellationToken.None);
            for (var i = 0; i < sequences.Count; i++)
            {
                Assert.Equal(expected[i].Length, scores[i].Length);
                for (var t = 0; t < scores[i].Length; t++) Assert.Equal(expected[i][t], scores[i][t], 1e-4);
            }
        }
    }

    [Fact]
    public void A_model_that_the_kernels_do_not_fit_is_scored_as_the_trainer_does()
    {
        using var model = TinyModels.Create(TinyModels.Config() with { AttentionSinks = true });
        List<TokenSequence> sequences = [new([3, 4], [5, 6, 7])];
        Assert.Equal(LogProbScorer.Score(model, sequences, 1, 100, CancellationToken.None),
            ReferenceScorer.Score(model, sequences, 1, 100, CancellationToken.None));
    }
}
