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

    // A sequence of more segments fills the nearest cache by itself: its own next one is then asked for, else the next sequence's.
    private const int FewSegments = 4;

    private readonly int _queries = config.Heads / config.KeyValueHeads; // that share a key head
    private readonly int _width = head.Padded;

    /// <summary>Items whose heads turn and whose keys and values are put into the cache.</summary>
    public void Append(AttentionLayer layer, (int First, int Last) items, ReadOnlySpan<TokenPlace> places, Workspace space)
    {
        var table = rotary.Of(layer.Rotary);
        for (var item = items.First; item < items.Last; item++)
        {
            Await(layer.Index, Math.Min(item + AppendsAhead, items.Last - 1), places);
            var (keyHead, row) = (item / places.Length, item % places.Length);
            ref readonly var place = ref places[row];
            for (var q = 0; q < _queries; q++) Turn(Query(space, row, keyHead) + q * _width, layer.QueryNorm, table, place.Position);
            float* key = Key(space, row, keyHead), value = key + config.KeyValueHeads * _width;
            Turn(key, layer.KeyNorm, table, place.Position);
            var (segment, token) = place.Cache[place.Position];
            byte* keys = segment.Keys(layer.Index, keyHead, token), values = segment.Values(layer.Index, keyHead, token);
            for (var d = 0; d < _width; d += 2 * S.Lanes)
            {
                C.StorePair<S, V>(keys + d * C.Bytes, S.Load(key + d), S.Load(key + d + S.Lanes));
                C.StorePair<S, V>(values + d * C.Bytes, S.Load(value + d), S.Load(value + d + S.Lanes));
            }
        }
    }

    /// <summary>Items of which the attention of a key head's queries is computed.</summary>
    public void Attend(AttentionLayer layer, (int First, int Last) items, ReadOnlySpan<TokenPlace> places, Workspace space, int rank)
    {
        for (var item = items.First; item < items.Last; item++)
        {
            var following = Math.Min(item + 1, items.Last - 1);
            var sight = new Sight(layer, places[item % places.Length], item / places.Length);
            var next = new Sight(layer, places[following % places.Length], following / places.Length);
            Attend(layer, item % places.Length, sight, next, space, rank);
        }
    }

    private void Attend(AttentionLayer layer, int row, Sight sight, Sight next, Workspace space, int rank)
    {
        float* query = Query(space, row, sight.KeyHead), scores = space.Scores(rank), output = space.Attention(rank);
        for (var index = sight.FirstSegment; index < sight.Segments; index++)
        {
            var part = sight.Part(index);
            byte* keys = part.Keys(layer.Index, sight.KeyHead), ahead = Ahead(sight, next, index) is { } later ? later.Segment.Keys(layer.Index, later.Head) : null;
            for (var q = 0; q < _queries; q++)
            {
                AttentionKernel<S, V, C>.Score(query + q * _width, _width, keys, part.Count, scores + q * space.ScoreStride + part.Offset, q == 0 ? ahead : null);
            }
        }
        var factors = stackalloc float[_queries];
        for (var q = 0; q < _queries; q++)
        {
            factors[q] = 1 / AttentionKernel<S, V, C>.Exponentiate(scores + q * space.ScoreStride, sight.Seen, layer.Rule.ScaleOf(head.Width));
        }
        new Span<float>(output, _queries * _width).Clear();
        for (var index = sight.FirstSegment; index < sight.Segments; index++)
        {
            var part = sight.Part(index);
            byte* values = part.Values(layer.Index, sight.KeyHead), ahead = Ahead(sight, next, index) is { } later ? later.Segment.Values(layer.Index, later.Head) : null;
            for (var q = 0; q < _queries; q++)
            {
                AttentionKernel<S, V, C>.Combine(scores + q * space.ScoreStride + part.Offset, _width, values, part.Count,
                    index == sight.Segments - 1 ? factors[q] : 1, output + q * _width, q == 0 ? ahead : null);
            }
        }
        var target = space.Attended + (long)row * space.Strides.Attended + (long)sight.KeyHead * _queries * head.Width;
        for (var q = 0; q < _queries; q++) new Span<float>(output + q * _width, head.Width).CopyTo(new Span<float>(target + q * head.Width, head.Width));
    }

    /// <summary>The segment that is asked for while one is read; null for none, or where it is in the nearest cache already.</summary>
    private static (CacheSegment Segment, int Head)? Ahead(Sight sight, Sight next, int index)
    {
        if (sight.Segments - sight.FirstSegment > FewSegments)
            return index + 1 < sight.Segments ? (sight.Part(index + 1).Segment, sight.KeyHead) : null;
        if (index < next.FirstSegment || index >= next.Segments) return null;
        var segment = next.Part(index).Segment;
        return next.KeyHead == sight.KeyHead && ReferenceEquals(segment, sight.Part(index).Segment) ? null : (segment, next.KeyHead);
    }

    /// <summary>Asks for the place in the cache of an item that follows soon: it lies far from all others.</summary>
    private void Await(int layer, int item, ReadOnlySpan<TokenPlace> places)
    {
        ref readonly var place = ref places[item % places.Length];
        var (segment, token) = place.Cache[place.Position];
        Prefetch.Near(segment.Keys(layer, item / places.Length, token), _width * C.Bytes);
        Prefetch.Near(segment.Values(layer, item / places.Length, token), _width * C.Bytes);
    }

    private void Turn(float* numbers, float* norm, RotaryTable? table, int position)
    {
        if (norm != null) RowKernel<S, V>.Normalize(numbers, norm, config.NormEpsilon, _width, numbers, head.Width);
        if (table is not null) RowKernel<S, V>.Rotate(numbers, numbers, table.Cos(position), table.Sin(position), 2 * head.Half, 1);
    }

    private float* Query(Workspace space, int row, int keyHead) => space.QueryKeyValue + (long)row * space.Strides.QueryKeyValue + keyHead * _queries * _width;

    private float* Key(Workspace space, int row, int keyHead) =>
        space.QueryKeyValue + (long)row * space.Strides.QueryKeyValue + (config.Heads + keyHead) * _width;

    /// <summary>What the queries of a token see of its sequence's cache in a layer.</summary>
    private readonly struct Sight
    {
        private readonly SequenceCache _cache;
        private readonly int _length, _first; // tokens up to its own; the first that is seen

        public Sight(AttentionLayer layer, in TokenPlace place, int keyHead)
        {
            (_cache, KeyHead, _length) = (place.Cache, keyHead, place.Position + 1);
            (_first, Segments) = (layer.Rule.FirstSeen(place.Position), _cache.SegmentsOf(_length));
            if (_first == 0) return;
            while (_cache.Segment(FirstSegment, _length) is var (_, first, count) && first + count <= _first) FirstSegment++;
        }

        public int KeyHead { get; }

        /// <summary>The segment of the first token that is seen.</summary>
        public int FirstSegment { get; }

        public int Segments { get; }

        /// <summary>Tokens that are seen.</summary>
        public int Seen => _length - _first;

        public SeenPart Part(int index)
        {
            var (segment, first, count) = _cache.Segment(index, _length);
            var hidden = Math.Max(0, _first - first);
            return new SeenPart(segment, hidden, count - hidden, first + hidden - _first);
        }
    }

    /// <summary>The tokens of a segment that are seen.</summary>
    /// <param name="Segment">Where they lie.</param>
    /// <param name="First">The first of them there.</param>
    /// <param name="Count">How many.</param>
    /// <param name="Offset">Tokens that are seen before them.</param>
    private readonly record struct SeenPart(CacheSegment Segment, int First, int Count, int Offset)
    {
        public byte* Keys(int layer, int keyHead) => Segment.Keys(layer, keyHead, First);

        public byte* Values(int layer, int keyHead) => Segment.Values(layer, keyHead, First);
    }
}
