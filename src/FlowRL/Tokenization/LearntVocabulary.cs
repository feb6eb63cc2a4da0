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
    private const string TurnEnd = "<|im_end|>";
    private static readonly string[] Plain = ["<pad>", "<bos>", "<eos>"];
    private static readonly string[] OfChats = ["<pad>", "<bos>", TurnEnd, "<|im_start|>"];

    /// <summary>ChatML: each message between its signs, with its role's name before it.</summary>
    private const string ChatMl =
        "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{%- endfor %}" +
        "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}";

    /// <param name="texts">What is to be encoded well; read once.</param>
    /// <param name="size">Tokens, more than <see cref="Smallest"/>; fewer come out where the texts hold no more pairs.</param>
    /// <param name="chat">Whether it has the signs of turns and a chat template; the sign of a turn's end then ends responses.</param>
    public static PretrainedTokenizer Learn(IEnumerable<string> texts, int size, bool chat = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, Smallest);
        var words = new WordCounts();
        var splitter = new SplitPreTokenizer(TextPattern.OfExpression(Words), SplitBehavior.Isolated);
        foreach (var text in texts) splitter.Split(text, isFirst: true, words);
        var merges = new PairLearner(words.Counts).Learn(size - 256 - (chat ? OfChats : Plain).Length);
        var bytes = Enumerable.Range(0, 256).Select(value => ByteAlphabet.Character((byte)value).ToString());
        // Two merges can write the same token ("ab"+"c", "a"+"bc"); it is one entry.
        var tokens = bytes.Concat(merges.Select(merge => merge.Left + merge.Right)).Distinct();
        return new SmallVocabulary("learnt", chat ? OfChats : Plain, [.. tokens], merges, Words)
        {
            Padding = Plain[0],
            Begin = Plain[1],
            End = chat ? TurnEnd : Plain[2],
            Template = chat ? ChatMl : null,
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
