using System.Text;

namespace FlowRL.Tokenization.SentencePiece;

/// <summary>
/// SentencePiece's unigram model (Kudo, arXiv 1804.10959): of all ways of writing a text in pieces the one with the highest sum of
/// scores, by the Viterbi algorithm. Sums are in single precision and of equal ones the first stays, as in the reference.
/// </summary>
internal sealed class UnigramModel : ITokenModel
{
    // An unknown character scores so much less than the worst piece.
    private const float UnknownPenalty = 10;

    private readonly string _path;
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, (int Id, float Score)> _pieces;
    private readonly int? _unknownId;
    private readonly int[]? _byteIds;
    private readonly int _longest;
    private readonly float _unknownScore;

    public UnigramModel(SentencePieceFile file, Dictionary<string, int> ids, int? unknown)
    {
        (_path, _ids, _unknownId) = (file.Path, ids, unknown);
        _pieces = file.Ordinary();
        if (_pieces.Count == 0) throw SentencePiecePipeline.Refused(file, "it holds no ordinary pieces");
        _longest = _pieces.Keys.Max(text => text.Length);
        _unknownScore = _pieces.Values.Min(piece => piece.Score) - UnknownPenalty;
        _byteIds = file.FallsBackOnBytes ? Merging.BpeModelReader.ByteIds(ids) : null;
        if (_byteIds?.Contains(-1) == true) throw SentencePiecePipeline.Refused(file, "it falls back on bytes, and some have no piece");
    }

    public IReadOnlyDictionary<string, int> Vocabulary => _ids;

    public int? UnknownId => _byteIds is null ? _unknownId : null;

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        var (starts, pieceIds) = BestPaths(piece);
        var path = new Stack<(int Start, int End)>();
        for (var end = piece.Length; end > 0; end = starts[end]) path.Push((starts[end], end));
        var isAfterUnknown = false;
        foreach (var (start, end) in path)
        {
            var isUnknown = pieceIds[end] < 0;
            if (!isUnknown) ids.Add(pieceIds[end]);
            else if (_byteIds is not null) ids.AddRange(Encoding.UTF8.GetBytes(piece[start..end].ToString()).Select(value => _byteIds[value]));
            else if (_unknownId is not { } unknown) throw UnrepresentableCharacter.In(_path, Rune.GetRuneAt(piece.ToString(), start));
            else if (!isAfterUnknown) ids.Add(unknown);
            isAfterUnknown = isUnknown;
        }
    }

    /// <summary>Where the last piece of the best path to each place starts, and its id (−1: an unknown character).</summary>
    private (int[] Starts, int[] Ids) BestPaths(ReadOnlySpan<char> text)
    {
        var lookup = _pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        var starts = new int[text.Length + 1];
        var ids = new int[text.Length + 1];
        var scores = new float[text.Length + 1];
        Array.Fill(starts, -1);
        for (int start = 0, length; start < text.Length; start += length)
        {
            Rune.DecodeFromUtf16(text[start..], out _, out length);
            var isCharacterKnown = false;
            for (var end = start + length; end <= Math.Min(text.Length, start + _longest); end++)
            {
                if (!lookup.TryGetValue(text[start..end], out var piece)) continue;
                isCharacterKnown |= end == start + length;
                Offer(start, end, piece.Id, scores[start] + piece.Score);
            }
            if (!isCharacterKnown) Offer(start, start + length, -1, scores[start] + _unknownScore);
        }
        return (starts, ids);

        void Offer(int start, int end, int id, float score)
        {
            if (starts[end] >= 0 && score <= scores[end]) return;
            (starts[end], ids[end], scores[end]) = (start, id, score);
        }
    }
}
