namespace FlowRL.Decoding.Cpu;

/// <summary>Where the keys and values lie that a block of tokens sees: looked up once a block, because every layer and head asks for them.</summary>
internal sealed class BlockSight
{
    private readonly CachePiece[] _pieces;
    private readonly int[] _first; // of each row, and the end
    private readonly CachePiece[] _own; // each row's own token

    public BlockSight(ReadOnlySpan<TokenPlace> places)
    {
        (_first, _own) = (new int[places.Length + 1], new CachePiece[places.Length]);
        for (var row = 0; row < places.Length; row++) _first[row + 1] = _first[row] + places[row].Cache.SegmentsOf(places[row].Position + 1);
        _pieces = new CachePiece[_first[^1]];
        for (var row = 0; row < places.Length; row++)
        {
            var (cache, length) = (places[row].Cache, places[row].Position + 1);
            for (var index = 0; index < _first[row + 1] - _first[row]; index++)
            {
                var start = cache.Start(index);
                _pieces[_first[row] + index] = new CachePiece(cache.Segment(index), start, Math.Min(cache.Start(index + 1), length) - start);
            }
            var (segment, token) = cache[places[row].Position];
            _own[row] = new CachePiece(segment, token, 1);
        }
    }

    /// <summary>Where a row's own key and value go: <see cref="CachePiece.Start"/> is the place in the segment.</summary>
    public ref readonly CachePiece Own(int row) => ref _own[row];

    /// <summary>All that a row may see, in order.</summary>
    public ReadOnlySpan<CachePiece> Of(int row) => _pieces.AsSpan(_first[row], _first[row + 1] - _first[row]);

    /// <summary>What a row sees from a position on: the piece of that position and those after it.</summary>
    public ReadOnlySpan<CachePiece> From(int row, int position)
    {
        var pieces = Of(row);
        var first = 0;
        while (pieces[first].Start + pieces[first].Count <= position) first++;
        return pieces[first..];
    }
}

/// <summary>The tokens of a segment that a row may see.</summary>
/// <param name="Segment">Where they lie, from its first on.</param>
/// <param name="Start">The first one's position in the sequence.</param>
/// <param name="Count">How many.</param>
internal readonly record struct CachePiece(CacheSegment Segment, int Start, int Count);
