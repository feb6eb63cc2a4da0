namespace FlowRL.Tokenization;

/// <summary>
/// The small vocabulary of the embedded arithmetic tasks: padding, begin and end of sequence, digits, the numbers 10 to 99 as single
/// tokens, signs, a space, a line feed and the letters a to z.
/// </summary>
/// <remarks>Digits pair from the left: 124 is "12", "4". Any other character is refused with <see cref="BadInputException"/>.</remarks>
internal static class ArithmeticVocabulary
{
    public const int PaddingId = 0;
    public const int BeginOfSequenceId = 1;
    public const int EndOfSequenceId = 2;

    /// <summary>Every character that can be encoded.</summary>
    public const string Alphabet = "0123456789+-*/()=;,:| \nabcdefghijklmnopqrstuvwxyz";

    private static readonly string[] Special = ["<pad>", "<bos>", "<eos>"];

    public static PretrainedTokenizer Create()
    {
        var pairs = Enumerable.Range(10, 90).Select(n => (Left: $"{n / 10}", Right: $"{n % 10}")).ToList();
        var characters = Alphabet.Select(SmallVocabulary.Token).ToList();
        // Digits, then the numbers, then the rest: ids 3 to 102 are in the numbers' own order.
        return new SmallVocabulary("arithmetic", Special,
            [.. characters.Take(10), .. pairs.Select(pair => pair.Left + pair.Right), .. characters.Skip(10)], pairs, "[0-9]{1,2}|[^0-9]")
        {
            Padding = Special[PaddingId],
            Begin = Special[BeginOfSequenceId],
            End = Special[EndOfSequenceId],
        }.Create();
    }
}
