using System.Collections.Concurrent;

namespace FlowRL.Tokenization.Merging;

/// <summary>Ids of pieces that came before: most words of a text. It is emptied when it is full. Thread-safe.</summary>
internal sealed class PieceCache
{
    private const int LongestPiece = 64;
    private const int Capacity = 1 << 16;

    private readonly ConcurrentDictionary<string, int[]> _ids = new();
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private int _count;

    public PieceCache() => _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();

    public bool TryGet(ReadOnlySpan<char> piece, out int[] ids)
    {
        ids = [];
        return piece.Length <= LongestPiece && _lookup.TryGetValue(piece, out ids!);
    }

    public void Remember(ReadOnlySpan<char> piece, ReadOnlySpan<int> ids)
    {
        if (piece.Length > LongestPiece || !_lookup.TryAdd(piece, ids.ToArray()) || Interlocked.Increment(ref _count) < Capacity) return;
        _ids.Clear();
        Interlocked.Exchange(ref _count, 0);
    }
}
