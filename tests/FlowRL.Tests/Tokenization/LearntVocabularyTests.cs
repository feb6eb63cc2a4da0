using CsCheck;
using FlowRL.Tokenization;

namespace FlowRL.Tests.Tokenization;

public sealed class LearntVocabularyTests
{
    private static readonly string[] Stories =
    [
        "Tim has 44 books. Sam has 52 books. How many books do they have together?",
        "Joan has 70 books. She gives Sam 27 books. How many books does she have?",
        "There are 3 books in each box. How many books are in 2 boxes?",
    ];

    // The pairs of "low lower lowest": l,o and o,w occur 6 times each and (l,o) sorts first; then (lo,w).
    [Fact]
    public void The_most_frequent_pair_merges_first()
    {
        var merges = new PairLearner(new Dictionary<string, int> { ["low"] = 1, ["lower"] = 2, ["lowest"] = 3 }).Learn(4);
        Assert.Equal([("l", "o"), ("lo", "w"), ("low", "e"), ("lowe", "s")], merges);
    }

    [Fact]
    public void A_pair_that_occurs_once_is_not_worth_a_token() =>
        Assert.Empty(new PairLearner(new Dictionary<string, int> { ["ab"] = 1 }).Learn(5));

    [Fact]
    public void Overlapping_pairs_are_counted_as_they_merge() =>
        Assert.Equal([("a", "a"), ("aa", "a")], new PairLearner(new Dictionary<string, int> { ["aaa"] = 2 }).Learn(5));

    [Fact]
    public void Counting_as_merges_go_is_counting_again_from_the_start() =>
        Gen.Select(Gen.String[Gen.Char["abc"], 1, 8].Array[1, 12], Gen.Int[1, 12]).Sample((words, most) =>
        {
            var counts = words.CountBy(word => word).ToDictionary();
            Assert.Equal(Plain(counts, most), new PairLearner(counts).Learn(most));
        }, iter: 500);

    [Fact]
    public void Every_text_comes_back() => Gen.String[Gen.Char, 0, 40].Sample(text =>
    {
        var whole = string.Concat(text.EnumerateRunes().Select(rune => rune.ToString())); // lone surrogates have no bytes
        var tokenizer = Learnt.Value;
        Assert.Equal(whole, tokenizer.Decode(tokenizer.Encode(whole)));
    }, iter: 300);

    [Fact]
    public void Words_become_tokens_and_numbers_stay_digits()
    {
        var tokenizer = Learnt.Value;
        string[] tokens = [.. tokenizer.Encode(" books 44").Select(id => tokenizer.Decode([id]))];
        Assert.Equal([" books", " ", "4", "4"], tokens);
        Assert.InRange(tokenizer.VocabularySize, LearntVocabulary.Smallest + 1, 300);
    }

    [Fact]
    public void The_same_texts_give_the_same_vocabulary() =>
        Assert.Equal(Learnt.Value.Encode(Stories[0]), LearntVocabulary.Learn(Stories, 300).Encode(Stories[0]));

    private static readonly Lazy<PretrainedTokenizer> Learnt = new(() => LearntVocabulary.Learn(Stories, 300));

    /// <summary>The definition: count all pairs anew before each merge.</summary>
    private static List<(string, string)> Plain(IReadOnlyDictionary<string, int> counts, int most)
    {
        var words = counts.Select(pair => (Symbols: pair.Key.Select(symbol => symbol.ToString()).ToList(), Count: pair.Value)).ToList();
        var merges = new List<(string, string)>();
        while (merges.Count < most)
        {
            var pairs = words.SelectMany(word => word.Symbols.Zip(word.Symbols.Skip(1), (left, right) => (Pair: (left, right), word.Count)))
                .GroupBy(pair => pair.Pair, pair => pair.Count).Select(group => (group.Key, Count: group.Sum())).Where(pair => pair.Count >= 2)
                .OrderByDescending(pair => pair.Count).ThenBy(pair => pair.Key.left, StringComparer.Ordinal)
                .ThenBy(pair => pair.Key.right, StringComparer.Ordinal).ToList();
            if (pairs.Count == 0) break;
            var (left, right) = pairs[0].Key;
            merges.Add((left, right));
            foreach (var (symbols, _) in words)
            {
                for (var i = 0; i + 1 < symbols.Count; i++)
                {
                    if (symbols[i] == left && symbols[i + 1] == right)
                    {
                        symbols[i] = left + right;
                        symbols.RemoveAt(i + 1);
                    }
                }
            }
        }
        return merges;
    }
}
