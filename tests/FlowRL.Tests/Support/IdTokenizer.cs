using System.Text;
using FlowRL.Tokenization;

namespace FlowRL.Tests.Support;

/// <summary>Token i is the text "i " — enough for tests that look at ids only.</summary>
public sealed class IdTokenizer(int vocabulary, int end = 2) : ITokenizer
{
    public int VocabularySize => vocabulary;

    public int? BeginOfSequenceId => null;

    public IReadOnlyList<int> EndOfSequenceIds => [end];

    public int[] Encode(string text, bool parseSpecial = false) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    public string Decode(IReadOnlyList<int> ids, bool skipSpecial = true) =>
        string.Concat(ids.Where(id => !skipSpecial || !IsSpecial(id)).Select(id => $"{id} "));

    public ReadOnlySpan<byte> Bytes(int id) => Encoding.UTF8.GetBytes($"{id} ");

    public bool IsSpecial(int id) => id == end;

    public void Save(string folder) => throw new NotSupportedException();
}
