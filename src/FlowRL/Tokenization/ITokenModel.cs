namespace FlowRL.Tokenization;

/// <summary>A vocabulary and its way of writing a piece of text in it. Thread-safe.</summary>
internal interface ITokenModel
{
    /// <summary>Ids by the texts that the vocabulary's file gives them.</summary>
    IReadOnlyDictionary<string, int> Vocabulary { get; }

    /// <summary>What stands for characters without a token; null where each has one, or a text with others is refused.</summary>
    int? UnknownId { get; }

    /// <param name="piece">Not empty, without lone surrogates.</param>
    /// <param name="ids">Gets the piece's ids.</param>
    /// <exception cref="BadInputException">A character has no token, and nothing stands for it.</exception>
    void Encode(ReadOnlySpan<char> piece, List<int> ids);
}
