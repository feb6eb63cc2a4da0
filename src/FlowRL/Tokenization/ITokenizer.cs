namespace FlowRL.Tokenization;

/// <summary>Text to token ids and back. Thread-safe.</summary>
public interface ITokenizer
{
    /// <summary>One more than the largest id.</summary>
    int VocabularySize { get; }

    /// <summary>Put before a text where the model expects it; null where it does not.</summary>
    int? BeginOfSequenceId { get; }

    /// <summary>What stands for characters that the vocabulary has no token for; null where there are none such, or they are refused.</summary>
    int? UnknownId => null;

    /// <summary>Ids that end a response.</summary>
    IReadOnlyList<int> EndOfSequenceIds { get; }

    /// <summary>Encodes text. Special tokens written in the text stay text unless <paramref name="parseSpecial"/> is set.</summary>
    int[] Encode(string text, bool parseSpecial = false);

    /// <summary>Decodes ids; bytes that are not UTF-8 become U+FFFD.</summary>
    string Decode(IReadOnlyList<int> ids, bool skipSpecial = true);

    /// <summary>The raw bytes of one token (those of its text for a special token).</summary>
    ReadOnlySpan<byte> Bytes(int id);

    bool IsSpecial(int id);

    /// <summary>Writes the files from which the same tokenizer loads again, as other engines expect them.</summary>
    void Save(string folder);
}
