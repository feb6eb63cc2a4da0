using FlowRL.Tokenization;

namespace FlowRL.Lab.Benchmarking;

/// <summary>A vocabulary without an end of sequence, so that every response has its full length.</summary>
internal sealed class NeverEnding(int vocabulary) : ITokenizer
{
    public int VocabularySize => vocabulary;

    public int? BeginOfSequenceId => null;

    public IReadOnlyList<int> EndOfSequenceIds => [];

    public int[] Encode(string text, bool parseSpecial = false) => throw new NotSupportedException();

    public string Decode(IReadOnlyList<int> ids, bool skipSpecial = true) => "";

    public ReadOnlySpan<byte> Bytes(int id) => [];

    public bool IsSpecial(int id) => false;

    public void Save(string folder) => throw new NotSupportedException();
}
