namespace FlowRL.Tokenization;

/// <summary>
/// A vocabulary of letters and nothing else, so small that every response of a few tokens can be listed: one token for each of the first
/// letters of the alphabet and, unless all responses have one length, one that ends a response.
/// </summary>
internal static class LetterVocabulary
{
    public const int Largest = 26;

    /// <summary>The letters that can be encoded.</summary>
    public static string Letters(int count) => string.Concat(Enumerable.Range(0, count).Select(i => (char)('a' + i)));

    /// <param name="letters">How many letters, at most <see cref="Largest"/>.</param>
    /// <param name="ends">Whether a token ends a response.</param>
    public static PretrainedTokenizer Create(int letters, bool ends)
    {
        const string end = "<eos>";
        return new SmallVocabulary("letters", ends ? [end] : [], [.. Letters(letters).Select(SmallVocabulary.Token)], [], "[a-z]")
        {
            End = ends ? end : null,
        }.Create();
    }
}
