using CsCheck;
using FlowRL.Evaluation;

namespace FlowRL.Tests.Evaluation;

public sealed class ResponseSpaceTests
{
    [Fact]
    public void Two_letters_and_an_end_within_two_tokens() => Assert.Equal(
        ["0", "1 0", "2 0", "1 1", "1 2", "2 1", "2 2"], ResponseSpace.Enumerate(3, new HashSet<int> { 0 }, 2).Select(ids => string.Join(' ', ids)));

    // A sampler that draws each token by its probability, until an end or the limit, gives each listed response with the product of its
    // tokens' probabilities; these sum to 1 exactly when the list is complete and without repetition.
    [Fact]
    public void Probabilities_of_a_random_sampler_sum_to_one() =>
        Gen.Select(Gen.Int[2, 5], Gen.Int[0, 1], Gen.Int[1, 5], Gen.ULong).Sample((vocabulary, ends, limit, seed) =>
        {
            var responses = ResponseSpace.Enumerate(vocabulary, Enumerable.Range(0, ends).ToHashSet(), limit);
            double Token(int[] prefix, int token)
            {
                var context = Seeds.Derive(seed, "context", [.. prefix.Select(id => (long)id)]);
                return Seeds.Uniform(context, token) / Enumerable.Range(0, vocabulary).Sum(other => Seeds.Uniform(context, other));
            }
            Assert.Equal(1, responses.Sum(ids => ids.Select((id, t) => Token(ids[..t], id)).Aggregate(1.0, (a, b) => a * b)), 1e-9);
            Assert.Equal(responses.Count, responses.Select(ids => string.Join(' ', ids)).Distinct().Count());
        }, iter: 100);

    [Fact]
    public void Too_many_are_refused_with_their_number() => Assert.Equal(
        "evaluation.exact_beta: 142 tokens give 7.914e12 responses of up to 6 tokens, and at most 131072 are listed; lower sampling.max_new_tokens, " +
        "use a smaller vocabulary (model.create.letters), or leave the key out.",
        Assert.Throws<BadInputException>(() => ResponseSpace.Enumerate(142, new HashSet<int> { 2 }, 6)).Message);
}
