namespace FlowRL.Tokenization.Merging;

/// <summary>Byte-pair encoding: a piece is written in symbols, and neighbours merge by rank.</summary>
internal sealed class BpeModel : ITokenModel
{
    private readonly Dictionary<string, int> _ids;
    private readonly MergeTable _merges;
    private readonly SymbolReader _symbols;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>>? _wholePieces;
    private readonly bool _isByteLevel;
    private readonly bool _cutsWords;
    private readonly PieceCache _cache = new();

    /// <param name="ids">The vocabulary.</param>
    /// <param name="merges">Its merges.</param>
    /// <param name="symbols">What merging starts from.</param>
    /// <param name="ignoresMerges">Whether a piece that is a token is that token, whatever merges would make of it.</param>
    public BpeModel(Dictionary<string, int> ids, MergeTable merges, SymbolReader symbols, bool ignoresMerges)
    {
        (_ids, _merges, _symbols, _isByteLevel) = (ids, merges, symbols, symbols is ByteSymbols);
        _wholePieces = ignoresMerges ? ids.GetAlternateLookup<ReadOnlySpan<char>>() : null;
        _cutsWords = !_isByteLevel && !ignoresMerges && MergesStayInWords();
    }

    public IReadOnlyDictionary<string, int> Vocabulary => _ids;

    public int? UnknownId => _symbols.UnknownId;

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (_cutsWords)
        {
            for (int start = 0, end; start < piece.Length; start = end)
            {
                end = EndOfWord(piece, start);
                EncodeWord(piece[start..end], ids);
            }
        }
        else
        {
            EncodeWord(piece, ids);
        }
    }

    private void EncodeWord(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (_cache.TryGet(piece, out var known))
        {
            ids.AddRange(known);
            return;
        }
        var length = piece.Length * SymbolReader.MostSymbols;
        Span<int> buffer = length <= 256 ? stackalloc int[256] : new int[length];
        var encoded = buffer[..Encode(piece, buffer)];
        _cache.Remember(piece, encoded);
        ids.AddRange(encoded);
    }

    private int Encode(ReadOnlySpan<char> piece, Span<int> buffer)
    {
        if (_wholePieces is { } whole && whole.TryGetValue(_isByteLevel ? ByteAlphabet.Write(piece) : piece, out buffer[0])) return 1;
        return PairMerger.Run(buffer[.._symbols.Read(piece, buffer)], _merges);
    }

    /// <summary>
    /// Without a pre-tokenizer the whole text is one piece. Where no merge joins anything to a ▁ behind it, nothing ever crosses the
    /// beginning of a word, so that words can be merged, and remembered, each by itself.
    /// </summary>
    private bool MergesStayInWords()
    {
        if (!_ids.ContainsKey("▁")) return false;
        var (endsInWord, startsWithSign) = (new HashSet<int>(), new HashSet<int>());
        foreach (var (text, id) in _ids)
        {
            if (text.Length > 0 && text[^1] != '▁') endsInWord.Add(id);
            if (text.StartsWith('▁')) startsWithSign.Add(id);
        }
        return !_merges.Pairs.Any(pair => endsInWord.Contains(pair.Left) && startsWithSign.Contains(pair.Right));
    }

    private static int EndOfWord(ReadOnlySpan<char> piece, int start)
    {
        var end = start;
        while (end < piece.Length && piece[end] == '▁') end++;
        var next = piece[end..].IndexOf('▁');
        return next < 0 ? piece.Length : end + next;
    }
}
