using System.Text;

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
        var counts = new Dictionary<string, int>();
        var splitter = new SplitPreTokenizer(Words, keepMatches: true, keepGaps: true);
        foreach (var text in texts)
        {
            splitter.Split(text, piece =>
            {
                var word = ByteAlphabet.Write(Encoding.UTF8.GetBytes(piece.ToString()));
                counts[word] = counts.GetValueOrDefault(word) + 1;
            });
        }
        var merges = new PairLearner(counts).Learn(size - Smallest);
        var bytes = Enumerable.Range(0, 256).Select(value => ByteAlphabet.Character((byte)value).ToString());
        // Two merges can write the same token ("ab"+"c", "a"+"bc"); it is one entry.
        return new SmallVocabulary("learnt", Special, [.. bytes.Concat(merges.Select(merge => merge.Left + merge.Right)).Distinct()], merges, Words)
        {
            Padding = Special[0],
            Begin = Special[1],
            End = Special[2],
        }.Create();
    }
}
