using CsCheck;
using FlowRL.Evaluation;
using FlowRL.Tasks;

namespace FlowRL.Tests.Evaluation;

public sealed class MajorityVoteTests
{
    private static Verdict Verdict(string? answer, bool isCorrect) =>
        new(new Reward.Score(isCorrect ? 1 : 0), answer, isCorrect ? answer : null);

    // Capital letters are correct, a dot is no answer.
    private static Verdict[] Votes(string votes) =>
        [.. votes.Select(vote => Verdict(vote == '.' ? null : char.ToLowerInvariant(vote).ToString(), char.IsUpper(vote)))];

    [Theory]
    [InlineData("AAb", 3, 1)]
    [InlineData("bAA", 3, 1)]
    [InlineData("bAA", 1, 0)] // only the first vote counts
    [InlineData("Ab", 2, 1)] // a tie: the first wins
    [InlineData("bA", 2, 0)]
    [InlineData("bcAcA", 5, 0)]
    [InlineData("....A", 5, 1)] // no answer, no vote
    [InlineData("...", 3, 0)]
    [InlineData("AaAab", 5, 0.5)] // half of the responses with the winning answer are correct
    public void The_most_frequent_answer_wins(string votes, int k, double expected) =>
        Assert.Equal(expected, MajorityVote.At(Votes(votes), k));

    [Fact]
    public void Only_ties_depend_on_the_order() =>
        Gen.Select(Gen.Char["Abc."].Array[1, 20].Where(votes => !IsTie(votes)), Gen.ULong).Sample((votes, seed) =>
        {
            var shuffled = string.Concat(Seeds.Permutation(seed, votes.Length).Select(i => votes[i]));
            Assert.Equal(MajorityVote.At(Votes(new string(votes)), votes.Length), MajorityVote.At(Votes(shuffled), votes.Length));
        });

    private static bool IsTie(char[] votes) =>
        votes.Where(vote => vote != '.').CountBy(vote => vote).Select(pair => pair.Value).OrderDescending().ToList()
            is [var first, var second, ..] && first == second;
}
