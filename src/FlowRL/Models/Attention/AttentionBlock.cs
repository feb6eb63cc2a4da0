using FlowRL.Numerics;
using FlowRL.Numerics.Products;

namespace FlowRL.Models.Attention;

/// <summary>One thread's attention: a key head of a family at a time, its queries in blocks, and of a block's keys only those that some query sees.</summary>
/// <remarks>
/// With p = softmax(s q·k), o = Σ p v and D = Σ p (do·v): ∂L/∂v += p do, ds = p (do·v − D), ∂L/∂q = s Σ ds k, ∂L/∂k += s ds q
/// (arXiv 2205.14135, appendix B); a sink σ takes part in the softmax's sum, and ∂L/∂σ = −Σ e^(σ − log sum) D. Queries are copied in times s.
/// </remarks>
internal sealed unsafe class AttentionBlock<S, V> : IDisposable
    where S : struct, ISimd<V>
    where V : struct
{
    private const int TileRows = SmallProduct<S, V>.Rows; // at most the lanes of a register
    private readonly AttentionShape _shape;
    private readonly AttentionRule _rule;
    private readonly AttentionPlace<S, V> _place;
    private readonly ScoreRow<S, V> _row = new();
    private readonly float _scale, _cap; // the cap 0 for none
    private readonly int _width;

    public AttentionBlock(AttentionShape shape, bool withGradient)
    {
        (_shape, _rule) = (shape, shape.Rule);
        _place = new AttentionPlace<S, V>(shape, withGradient);
        (_scale, _cap, _width) = (_rule.ScaleOf(shape.Width), (float)(_rule.SoftCap ?? 0), _place.Width);
        for (var i = 0; i < AttentionPlace<S, V>.QueryRows; i++) _place.Factors[i] = _scale;
    }

    /// <summary>Attention of a key head of a family; everything is addressed as in <see cref="FusedAttention"/>.</summary>
    public void Forward(int item, float* q, float* k, float* v, float* sinks, float* output, float* logSums)
    {
        var (family, keyHead) = (_shape.Families[item / _shape.KeyHeads], item % _shape.KeyHeads);
        void Part(TokenRange own, int offset)
        {
            _place.LoadKeys(own, offset, keyHead, k, v);
            foreach (var (rows, head) in Blocks(own, keyHead))
            {
                _place.LoadRows(rows, head, q, _scale, _place.Queries);
                Outputs(rows.Length, offset + rows.Start - own.Start, sinks == null ? null : sinks + head,
                    logSums + (long)rows.Start * _shape.Heads + head);
                _place.StoreRows(rows, head, _place.Output, output);
            }
        }
        Part(family.Prefix, 0);
        foreach (var branch in family.Branches) Part(branch, family.Prefix.Length);
    }

    /// <summary>Gradients of a key head of a family.</summary>
    public void Backward(int item, float* q, float* k, float* v, float* sinks, float* logSums, float* gradient, float* dq, float* dk, float* dv, float* dSinks)
    {
        var (family, keyHead) = (_shape.Families[item / _shape.KeyHeads], item % _shape.KeyHeads);
        dSinks += (long)(item / _shape.KeyHeads) * _shape.Heads;
        void Part(TokenRange own, int offset)
        {
            _place.LoadKeys(own, offset, keyHead, k, v);
            _place.ClearGradients(offset, own.Length);
            foreach (var (rows, head) in Blocks(own, keyHead))
            {
                _place.LoadRows(rows, head, q, _scale, _place.Queries);
                _place.LoadRows(rows, head, gradient, 1, _place.Output);
                var position = offset + rows.Start - own.Start;
                var sums = logSums + (long)rows.Start * _shape.Heads + head;
                QueryGradients(rows.Length, position, sums, sinks == null ? null : sinks + head, dSinks + head);
                KeyGradients(rows.Length, position);
                _place.StoreRows(rows, head, _place.QueryGradients, dq);
            }
        }
        Part(family.Prefix, 0);
        foreach (var branch in family.Branches)
        {
            Part(branch, family.Prefix.Length);
            _place.StoreKeyGradients(branch, family.Prefix.Length, keyHead, dk, dv);
        }
        _place.StoreKeyGradients(family.Prefix, 0, keyHead, dk, dv);
    }

    public void Dispose()
    {
        _place.Dispose();
        _row.Dispose();
    }

    /// <summary>Outputs of the block of queries at hand, the first of which stands at <paramref name="position"/>.</summary>
    private void Outputs(int count, int position, float* sink, float* logSums)
    {
        for (var r = 0; r < count; r += TileRows)
        {
            var tile = Tile(r, count, position);
            var scores = _place.Scores + tile.Place;
            Score(tile, _place.Queries, _place.KeysAcross, scores);
            for (var i = 0; i < tile.Rows; i++)
            {
                var row = scores + (long)i * _place.ScoreStride;
                var (hidden, visible) = tile.Seen(_rule, i);
                if (_cap > 0) ScoreRow<S, V>.Cap(row, _place.Slopes, _cap, visible);
                var (largest, sum) = _row.Exponentiate(row, hidden, visible, tile.Columns);
                float most = largest, part = 1;
                if (sink != null)
                {
                    most = MathF.Max(largest, *sink);
                    part = MathF.Exp(largest - most);
                    sum = sum * part + MathF.Exp(*sink - most);
                }
                logSums[(long)(r + i) * _shape.Heads] = most + MathF.Log(sum);
                _place.Factors[r + i] = part / sum;
            }
            SmallProduct<S, V>.Tile(tile.Columns, _width, scores, _place.ScoreStride, 1,
                _place.Values + (long)tile.First * _width, _width, _place.Output + r * _width, _width, false);
        }
    }

    /// <summary>Of the block at hand: weights and gradients of scores, and what queries get of them.</summary>
    private void QueryGradients(int count, int position, float* logSums, float* sink, float* dSink)
    {
        // Columns of the block, and those that the last tile of keys reads beyond it.
        var end = position + count - _rule.FirstSeen(position) + (_rule.Window is null ? 0 : TileRows - 1);
        for (var r = 0; r < count; r += TileRows)
        {
            var tile = Tile(r, count, position);
            float* scores = _place.Scores + tile.Place, gradients = _place.ScoreGradients + tile.Place;
            Score(tile, _place.Queries, _place.KeysAcross, scores);
            Score(tile, _place.Output, _place.ValuesAcross, gradients);
            for (var i = 0; i < tile.Rows; i++)
            {
                float* row = scores + (long)i * _place.ScoreStride, change = gradients + (long)i * _place.ScoreStride;
                var (hidden, visible) = tile.Seen(_rule, i);
                var logSum = logSums[(long)(r + i) * _shape.Heads];
                if (_cap > 0) ScoreRow<S, V>.Cap(row, _place.Slopes, _cap, visible);
                var mean = _row.Differentiate(row, change, logSum, hidden, visible, end - tile.Skipped);
                if (_cap > 0) ScoreRow<S, V>.Uncap(change, _place.Slopes, visible);
                if (sink != null) *dSink -= MathF.Exp(*sink - logSum) * mean;
                if (_rule.Window is null) continue;
                // Keys' tiles read what of their columns this tile has left out.
                S.Store(row - S.Lanes, S.Broadcast(0));
                S.Store(change - S.Lanes, S.Broadcast(0));
            }
            SmallProduct<S, V>.Tile(tile.Columns, _width, gradients, _place.ScoreStride, 1,
                _place.Keys + (long)tile.First * _width, _width, _place.QueryGradients + r * _width, _width, false);
        }
    }

    /// <summary>What the keys and values that the block at hand sees get of it.</summary>
    private void KeyGradients(int count, int position)
    {
        var low = _rule.FirstSeen(position);
        for (var j = low; j < position + count; j += TileRows)
        {
            // Queries before these keys do not see them, nor do those whose windows begin after them.
            var first = Math.Max(0, j - position);
            var last = _rule.Window is { } window ? (int)Math.Min(count, (long)j + TileRows - 1 + window - position) : count;
            var place = (long)first * _place.ScoreStride + j - low;
            SmallProduct<S, V>.Tile(last - first, _width, _place.Scores + place, 1, _place.ScoreStride,
                _place.Output + first * _width, _width, _place.ValueGradients + (long)j * _width, _width, true);
            SmallProduct<S, V>.Tile(last - first, _width, _place.ScoreGradients + place, 1, _place.ScoreStride,
                _place.Queries + first * _width, _width, _place.KeyGradients + (long)j * _width, _width, true);
        }
    }

    private QueryTile Tile(int r, int count, int position)
    {
        var (first, low) = (_rule.FirstSeen(position + r), _rule.FirstSeen(position));
        return new QueryTile(r, Math.Min(TileRows, count - r), position + r, first, first - low, (long)r * _place.ScoreStride + first - low);
    }

    private void Score(QueryTile tile, float* rows, float* across, float* scores) => SmallProduct<S, V>.Tile(_shape.Width,
        ScoreRow<S, V>.RoundUp(tile.Columns), rows + tile.Row * _width, _width, 1, across + tile.First, _place.Stride, scores, _place.ScoreStride, false);

    /// <summary>The queries of <paramref name="own"/> in blocks, for each query head that this key head serves.</summary>
    private IEnumerable<(TokenRange Rows, int Head)> Blocks(TokenRange own, int keyHead)
    {
        var shared = _shape.Heads / _shape.KeyHeads;
        for (var head = keyHead * shared; head < (keyHead + 1) * shared; head++)
        {
            for (var start = 0; start < own.Length; start += AttentionPlace<S, V>.QueryRows)
            {
                yield return (new TokenRange(own.Start + start, Math.Min(AttentionPlace<S, V>.QueryRows, own.Length - start)), head);
            }
        }
    }

    /// <summary>Adjacent queries of a block, whose scores are made together.</summary>
    /// <param name="Row">The first one's in the block.</param>
    /// <param name="Rows">How many there are.</param>
    /// <param name="Position">The first one's.</param>
    /// <param name="First">The first key that one of them sees.</param>
    /// <param name="Skipped">Columns of the block before it.</param>
    /// <param name="Place">Where the scores begin.</param>
    private readonly record struct QueryTile(int Row, int Rows, int Position, int First, int Skipped, long Place)
    {
        /// <summary>Keys that one of them sees.</summary>
        public int Columns => Position + Rows - First;

        /// <summary>Of these, those before what query <paramref name="i"/> of the tile sees, and where it ends.</summary>
        public (int Hidden, int Visible) Seen(AttentionRule rule, int i) => (rule.FirstSeen(Position + i) - First, Position + i + 1 - First);
    }
}
