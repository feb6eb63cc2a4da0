using FlowRL.Tokenization.Merging;
using FlowRL.Tokenization.Patterns;
using FlowRL.Tokenization.PreTokenizers;

namespace FlowRL.Tokenization;

/// <summary>
/// A byte-level BPE vocabulary learnt from texts: padding, begin and end of sequence, the 256 bytes, then merges. Digits never merge, so that
/// a number is its digits wherever it stands. Every text can be encoded.
/// </summary>
internal static class LearntVocabulary
{
    /// <summary>Tokens before the first merge.</summary>
    public const int Smallest = 3 + 256;

    private const string Words = @"[0-9]| ?[^\s\d\p{P}\p{S}]+| ?[\p{P}\p{S}]|\s";
    private static readonly string[] Special = ["<pad>", "<bos>", "<eos>"];

    /// <param name="texts">What is to be encoded well; read once.</param>
    /// <param name="size">Tokens, at least <see cref="Smallest"/>; fewer come out where the texts hold no more pairs.</param>
    public static PretrainedTokenizer Learn(IEnumerable<string> texts, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, Smallest);
        var words = new WordCounts();
        var splitter = new SplitPreTokenizer(TextPattern.OfExpression(Words), SplitBehavior.Isolated);
        foreach (var text in texts) splitter.Split(text, isFirst: true, words);
        var merges = new PairLearner(words.Counts).Learn(size - Smallest);
        var bytes = Enumerable.Range(0, 256).Select(value => ByteAlphabet.Character((byte)value).ToString());
        // Two merges can write the same token ("ab"+"c", "a"+"bc"); it is one entry.
        return new SmallVocabulary("learnt", Special, [.. bytes.Concat(merges.Select(merge => merge.Left + merge.Right)).Distinct()], merges, Words)
        {
            Padding = Special[0],
            Begin = Special[1],
            End = Special[2],
        }.Create();
    }

    private sealed class WordCounts : IPieceSink
    {
        public Dictionary<string, int> Counts { get; } = [];

        public void Take(ReadOnlySpan<char> piece, bool isFirst)
        {
            var word = ByteAlphabet.Write(piece);
            Counts[word] = Counts.GetValueOrDefault(word) + 1;
        }
    }
}
