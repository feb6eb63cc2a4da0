using FlowRL.Models;
using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

/// <summary>
/// Attention of a block of tokens: heads turn, keys and values go into the cache, and queries see what the layer's rule shows them. The query heads that
/// share a key head pass over a segment of the cache one after the other, so that memory is read once for all of them.
/// </summary>
/// <remarks>An item is head × rows + row. Heads before rows: the rows of a group find the prompt that they share in the nearest cache.</remarks>
internal sealed unsafe class AttentionPass<S, V, C>(DecoderConfig config, HeadLayout head, RotaryTables rotary)
    where S : struct, ISimd<V>
    where V : struct
    where C : struct, IStorage
{
    private const int AppendsAhead = 8;

    // A sequence of more segments fills the nearest cache by itself: its own next one is then asked for, else the next item's.
    private const int FewSegments = 4;

    private readonly int _queries = config.Heads / config.KeyValueHeads; // that share a key head
    private readonly int _width = head.Padded;

    /// <summary>Rows whose queries are normalised over all heads together, and whose keys are.</summary>
    public void NormalizeTogether(AttentionLayer layer, (int First, int Last) rows, Workspace space)
    {
        for (var row = rows.First; row < rows.Last; row++)
        {
            Normalize(Query(space, row, 0), layer.QueryNorm, config.Heads);
            Normalize(Key(space, row, 0), layer.KeyNorm, config.KeyValueHeads);
        }
    }

    /// <summary>Items whose heads turn and whose keys and values are put into the cache.</summary>
    public void Append(AttentionLayer layer, (int First, int Last) items, ReadOnlySpan<TokenPlace> places, BlockSight sight, Workspace space)
    {
        var eachHead = layer.Norm == QueryKeyNorm.EachHead;
        float* queryNorm = eachHead ? layer.QueryNorm : null, keyNorm = eachHead ? layer.KeyNorm : null;
        RotaryTable? table = null;
        var reach = 0; // of the table: sequences of a block rarely reach differently far
        for (var item = items.First; item < items.Last; item++)
        {
            Await(layer.Index, Math.Min(item + AppendsAhead, items.Last - 1), places.Length, sight);
            var (keyHead, row) = (item / places.Length, item % places.Length);
            if (layer.Rotary is { } rule && places[row].Cache.Reach != reach) table = rotary.Of(rule, reach = places[row].Cache.Reach);
            for (var q = 0; q < _queries; q++) Turn(Query(space, row, keyHead) + q * _width, queryNorm, table, places[row].Position);
            float* key = Key(space, row, keyHead), value = key + config.KeyValueHeads * _width;
            Turn(key, keyNorm, table, places[row].Position);
            ref readonly var own = ref sight.Own(row);
            byte* keys = own.Segment.Keys(layer.Index, keyHead, own.Start), values = own.Segment.Values(layer.Index, keyHead, own.Start);
            for (var d = 0; d < _width; d += 2 * S.Lanes)
            {
                C.StorePair<S, V>(keys + d * C.Bytes, S.Load(key + d), S.Load(key + d + S.Lanes));
                C.StorePair<S, V>(values + d * C.Bytes, S.Load(value + d), S.Load(value + d + S.Lanes));
            }
        }
    }

    /// <summary>Items of which the attention of a key head's queries is computed.</summary>
    public void Attend(AttentionLayer layer, (int First, int Last) items, ReadOnlySpan<TokenPlace> places, BlockSight sight, Workspace space, int rank)
    {
        for (var item = items.First; item < items.Last; item++)
        {
            var (keyHead, row) = (item / places.Length, item % places.Length);
            var (nextHead, nextRow) = row + 1 < places.Length ? (keyHead, row + 1) : (keyHead + 1, 0);
            var next = item + 1 < items.Last ? new Following(sight.Of(nextRow), nextHead) : default;
            var firstSeen = layer.Rule.FirstSeen(places[row].Position);
            Attend(layer, row, keyHead, places[row].Position, firstSeen == 0 ? sight.Of(row) : sight.From(row, firstSeen), next, space, rank);
        }
    }

    private void Attend(
        AttentionLayer layer, int row, int keyHead, int position, ReadOnlySpan<CachePiece> pieces, Following next, Workspace space, int rank)
    {
        var firstSeen = layer.Rule.FirstSeen(position);
        float* query = Query(space, row, keyHead), scores = space.Scores(rank);
        for (var i = 0; i < pieces.Length; i++)
        {
            ref readonly var piece = ref pieces[i];
            var (hidden, before) = (Math.Max(0, firstSeen - piece.Start), Math.Max(0, piece.Start - firstSeen));
            var isAhead = Ahead(pieces, i, next, keyHead, out var later, out var laterHead);
            byte* keys = piece.Segment.Keys(layer.Index, keyHead, hidden), ahead = isAhead ? later.Keys(layer.Index, laterHead) : null;
            for (var q = 0; q < _queries; q++)
            {
                AttentionKernel<S, V, C>.Score(
                    query + q * _width, _width, keys, piece.Count - hidden, scores + q * space.ScoreStride + before, q == 0 ? ahead : null);
            }
        }
        var seen = pieces[^1].Start + pieces[^1].Count - firstSeen;
        var factors = stackalloc float[_queries];
        var scale = layer.Rule.ScaleOf(head.Width) * (config.QueryGrowth?.At(position) ?? 1);
        for (var q = 0; q < _queries; q++) factors[q] = 1 / Weigh(layer, keyHead * _queries + q, scale, scores + q * space.ScoreStride, seen);
        // Where heads have no zeros, what they gather goes where it is read next.
        var target = space.Attended + (long)row * space.Strides.Attended + (long)keyHead * _queries * head.Width;
        var output = head.IsPlain ? target : space.Gathered(rank);
        new Span<float>(output, _queries * _width).Clear();
        for (var i = 0; i < pieces.Length; i++)
        {
            ref readonly var piece = ref pieces[i];
            var (hidden, before) = (Math.Max(0, firstSeen - piece.Start), Math.Max(0, piece.Start - firstSeen));
            var isAhead = Ahead(pieces, i, next, keyHead, out var later, out var laterHead);
            byte* values = piece.Segment.Values(layer.Index, keyHead, hidden), ahead = isAhead ? later.Values(layer.Index, laterHead) : null;
            for (var q = 0; q < _queries; q++)
            {
                AttentionKernel<S, V, C>.Combine(scores + q * space.ScoreStride + before, _width, values, piece.Count - hidden,
                    i == pieces.Length - 1 ? factors[q] : 1, output + q * _width, q == 0 ? ahead : null);
            }
        }
        if (head.IsPlain) return;
        for (var q = 0; q < _queries; q++) new Span<float>(output + q * _width, head.Width).CopyTo(new Span<float>(target + q * head.Width, head.Width));
    }

    /// <summary>Scores become weights; returns the sum that they are divided by.</summary>
    private static float Weigh(AttentionLayer layer, int queryHead, float scale, float* scores, int seen)
    {
        var sink = layer.Sinks == null ? float.NegativeInfinity : layer.Sinks[queryHead];
        if (layer.Rule.SoftCap is not { } cap) return AttentionKernel<S, V, C>.Exponentiate(scores, seen, scale, sink);
        RowKernel<S, V>.Cap(scores, seen, scale, (float)cap);
        return AttentionKernel<S, V, C>.Exponentiate(scores, seen, 1, sink);
    }

    /// <summary>The segment that is asked for while a piece is read; false for none, or where it is in the nearest cache already.</summary>
    private static bool Ahead(ReadOnlySpan<CachePiece> pieces, int index, Following next, int keyHead, out CacheSegment later, out int laterHead)
    {
        var (isOwn, following) = (pieces.Length > FewSegments, pieces.Length > FewSegments ? index + 1 : index);
        var among = isOwn ? pieces : next.Pieces;
        laterHead = isOwn ? keyHead : next.KeyHead;
        later = following < among.Length ? among[following].Segment : default;
        return following < among.Length && (laterHead != keyHead || !later.Is(pieces[index].Segment));
    }

    /// <summary>Asks for the place in the cache of an item that follows soon: it lies far from all others.</summary>
    private void Await(int layer, int item, int rows, BlockSight sight)
    {
        ref readonly var own = ref sight.Own(item % rows);
        Prefetch.Near(own.Segment.Keys(layer, item / rows, own.Start), _width * C.Bytes);
        Prefetch.Near(own.Segment.Values(layer, item / rows, own.Start), _width * C.Bytes);
    }

    private void Turn(float* numbers, float* norm, RotaryTable? table, int position)
    {
        if (norm != null) Normalize(numbers, norm, 1);
        if (table is not null) RowKernel<S, V>.Rotate(numbers, numbers, table.Cos(position), table.Sin(position), 2 * head.Half, 1);
    }

    private void Normalize(float* numbers, float* norm, int heads) =>
        RowKernel<S, V>.Normalize(numbers, norm, config.NormEpsilon, heads * _width, numbers, heads * head.Width);

    private float* Query(Workspace space, int row, int keyHead) => space.QueryKeyValue + (long)row * space.Strides.QueryKeyValue + keyHead * _queries * _width;

    private float* Key(Workspace space, int row, int keyHead) =>
        space.QueryKeyValue + (long)row * space.Strides.QueryKeyValue + (config.Heads + keyHead) * _width;

    /// <summary>What the next item sees, of which key head.</summary>
    private readonly ref struct Following(ReadOnlySpan<CachePiece> pieces, int keyHead)
    {
        public ReadOnlySpan<CachePiece> Pieces { get; } = pieces;

        public int KeyHead { get; } = keyHead;
    }
}
