using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowRL.Numerics;

namespace FlowRL.Models.Attention;

/// <summary>
/// One thread's workplace for attention: the keys and values of one key head of one family, and a block of queries with its scores.
/// Everything is copied in and out, so that products run over memory that is dense, padded to whole tiles, and in the nearest caches.
/// </summary>
/// <remarks>
/// With p = softmax(s q·k), o = Σ p v and D = Σ p (do·v): ∂L/∂v += p do, ds = p (do·v − D), ∂L/∂q = s Σ ds k, ∂L/∂k += s ds q
/// (arXiv 2205.14135, appendix B). s = 1/√Dh; queries are copied in times s. L is the longest sequence.
/// </remarks>
internal sealed unsafe class AttentionBlock<S, V> : IDisposable
    where S : struct, ISimd<V>
    where V : struct
{
    private const int QueryRows = 32; // of a block: a multiple of a tile's
    private readonly AttentionShape _shape;
    private readonly int _width, _stride; // numbers of a head; of a row of scores
    private readonly float* _memory;
    private readonly float* _keys, _values, _keysAcross, _valuesAcross; // (L, Dh) and (Dh, L)
    private readonly float* _keyGradients, _valueGradients;             // (L, Dh)
    private readonly float* _queries, _output, _queryGradients;         // (block, Dh)
    private readonly float* _scores, _scoreGradients;                   // (block, L)
    private readonly float* _factors;                                   // (block) what rows are multiplied by on their way out
    private readonly float* _ends;                                      // a register of ones, then one of zeros

    public AttentionBlock(AttentionShape shape, bool withGradient)
    {
        (_shape, _width) = (shape, shape.Width);
        _stride = RoundUp(shape.Longest + SmallProduct<S, V>.Rows);
        long rows = (long)_stride * _width, block = QueryRows * _width, scores = (long)QueryRows * _stride;
        var total = 3 * rows + 2 * block + scores + QueryRows + 2 * S.Lanes + (withGradient ? 3 * rows + block + scores : 0);
        _memory = (float*)NativeMemory.AlignedAlloc((nuint)(total * sizeof(float)), 64);
        NativeMemory.Clear(_memory, (nuint)(total * sizeof(float)));
        var next = _memory;
        float* Take(long count)
        {
            var taken = next;
            next += count;
            return taken;
        }
        _keys = Take(rows);
        _values = Take(rows);
        _keysAcross = Take(rows);
        _queries = Take(block);
        _output = Take(block);
        _scores = Take(scores);
        _factors = Take(QueryRows);
        _ends = Take(2 * S.Lanes);
        for (var i = 0; i < QueryRows; i++) _factors[i] = _shape.Scale;
        for (var i = 0; i < S.Lanes; i++) _ends[i] = 1;
        if (!withGradient) return;
        _valuesAcross = Take(rows);
        _keyGradients = Take(rows);
        _valueGradients = Take(rows);
        _queryGradients = Take(block);
        _scoreGradients = Take(scores);
    }

    /// <summary>Attention of a key head of a family; everything is addressed as in <see cref="FusedAttention"/>.</summary>
    public void Forward(int item, float* q, float* k, float* v, float* output, float* logSums)
    {
        var (family, keyHead) = (_shape.Families[item / _shape.KeyHeads], item % _shape.KeyHeads);
        void Part(TokenRange own, int offset)
        {
            LoadKeys(own, offset, keyHead, k, v);
            foreach (var (rows, head) in Blocks(own, keyHead))
            {
                var position = offset + rows.Start - own.Start;
                LoadRows(rows, head, q, _shape.Scale, _queries);
                for (var r = 0; r < rows.Length; r += SmallProduct<S, V>.Rows)
                {
                    var visible = position + Math.Min(r + SmallProduct<S, V>.Rows, rows.Length);
                    Score(r, visible, _queries, _keysAcross, _scores);
                    for (var i = r; i < Math.Min(r + SmallProduct<S, V>.Rows, rows.Length); i++)
                    {
                        var (largest, sum) = Exponentiate(_scores + (long)i * _stride, position + i + 1, visible);
                        logSums[(long)(rows.Start + i) * _shape.Heads + head] = largest + MathF.Log(sum);
                        _factors[i] = 1 / sum;
                    }
                    SmallProduct<S, V>.Tile(visible, _width, _scores + (long)r * _stride, _stride, 1, _values, _width, _output + r * _width, _width, false);
                }
                StoreRows(rows, head, _output, output);
            }
        }
        Part(family.Prefix, 0);
        foreach (var branch in family.Branches) Part(branch, family.Prefix.Length);
    }

    /// <summary>Gradients of a key head of a family.</summary>
    public void Backward(int item, float* q, float* k, float* v, float* logSums, float* gradient, float* dq, float* dk, float* dv)
    {
        var (family, keyHead) = (_shape.Families[item / _shape.KeyHeads], item % _shape.KeyHeads);
        void Part(TokenRange own, int offset)
        {
            LoadKeys(own, offset, keyHead, k, v);
            ClearGradients(offset, own.Length);
            foreach (var (rows, head) in Blocks(own, keyHead))
            {
                LoadRows(rows, head, q, _shape.Scale, _queries);
                LoadRows(rows, head, gradient, 1, _output);
                Gradients(rows.Length, offset + rows.Start - own.Start, logSums + (long)rows.Start * _shape.Heads + head);
                StoreRows(rows, head, _queryGradients, dq);
            }
        }
        void Store(TokenRange own, int offset)
        {
            StoreKeyRows(own, keyHead, _keyGradients + (long)offset * _width, dk);
            StoreKeyRows(own, keyHead, _valueGradients + (long)offset * _width, dv);
        }
        Part(family.Prefix, 0);
        foreach (var branch in family.Branches)
        {
            Part(branch, family.Prefix.Length);
            Store(branch, family.Prefix.Length);
        }
        Store(family.Prefix, 0);
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    /// <summary>The block of queries in the workplace, the first of which stands at <paramref name="position"/>.</summary>
    private void Gradients(int count, int position, float* logSums)
    {
        var end = position + count;
        for (var r = 0; r < count; r += SmallProduct<S, V>.Rows)
        {
            var visible = position + Math.Min(r + SmallProduct<S, V>.Rows, count);
            Score(r, visible, _queries, _keysAcross, _scores);
            Score(r, visible, _output, _valuesAcross, _scoreGradients);
            for (var i = r; i < Math.Min(r + SmallProduct<S, V>.Rows, count); i++)
            {
                Differentiate(_scores + (long)i * _stride, _scoreGradients + (long)i * _stride, logSums[(long)i * _shape.Heads], position + i + 1, end);
            }
            SmallProduct<S, V>.Tile(
                visible, _width, _scoreGradients + (long)r * _stride, _stride, 1, _keys, _width, _queryGradients + r * _width, _width, false);
        }
        for (var j = 0; j < end; j += SmallProduct<S, V>.Rows)
        {
            // Queries before these keys do not see them.
            var first = Math.Max(0, j - position);
            SmallProduct<S, V>.Tile(count - first, _width, _scores + (long)first * _stride + j, 1, _stride,
                _output + first * _width, _width, _valueGradients + (long)j * _width, _width, true);
            SmallProduct<S, V>.Tile(count - first, _width, _scoreGradients + (long)first * _stride + j, 1, _stride,
                _queries + first * _width, _width, _keyGradients + (long)j * _width, _width, true);
        }
    }

    private void Score(int r, int visible, float* rows, float* across, float* scores) => SmallProduct<S, V>.Tile(
        _width, RoundUp(visible), rows + r * _width, _width, 1, across, _stride, scores + (long)r * _stride, _stride, false);

    /// <summary>Scores become exp(score − largest) up to <paramref name="visible"/>; zeros follow as far as a tile of that end reads.</summary>
    private (float Largest, float Sum) Exponentiate(float* scores, int visible, int end)
    {
        var last = RoundUp(visible) - S.Lanes;
        var seen = S.Load(_ends + RoundUp(visible) - visible);
        // Of the last register's scores, those that are not seen become the first score: no larger than the largest.
        V first = S.Broadcast(scores[0]), tail = S.Add(first, S.Multiply(seen, S.Subtract(S.Load(scores + last), first)));
        var maxima = tail;
        for (var t = 0; t < last; t += S.Lanes) maxima = S.Max(maxima, S.Load(scores + t));
        var largest = S.Largest(maxima);
        var offset = S.Broadcast(largest);
        var sum = S.Multiply(seen, Exponential.Of<S, V>(S.Subtract(tail, offset)));
        S.Store(scores + last, sum);
        for (var t = 0; t < last; t += S.Lanes)
        {
            var weight = Exponential.Of<S, V>(S.Subtract(S.Load(scores + t), offset));
            S.Store(scores + t, weight);
            sum = S.Add(sum, weight);
        }
        ClearEnd(scores, visible, end);
        return (largest, S.Sum(sum));
    }

    /// <summary>Scores become weights, their gradients those of the scores; zeros follow as far as a tile of that end reads.</summary>
    private void Differentiate(float* scores, float* gradients, float logSum, int visible, int end)
    {
        var last = RoundUp(visible) - S.Lanes;
        V offset = S.Broadcast(logSum), seen = S.Load(_ends + RoundUp(visible) - visible);
        var tail = S.Multiply(seen, Exponential.Of<S, V>(S.Subtract(S.Load(scores + last), offset)));
        S.Store(scores + last, tail);
        var sum = S.Multiply(tail, S.Load(gradients + last));
        for (var t = 0; t < last; t += S.Lanes)
        {
            var weight = Exponential.Of<S, V>(S.Subtract(S.Load(scores + t), offset));
            S.Store(scores + t, weight);
            sum = S.MultiplyAdd(weight, S.Load(gradients + t), sum);
        }
        var mean = S.Broadcast(S.Sum(sum));
        for (var t = 0; t <= last; t += S.Lanes)
        {
            S.Store(gradients + t, S.Multiply(S.Load(scores + t), S.Subtract(S.Load(gradients + t), mean)));
        }
        ClearEnd(scores, visible, end);
        ClearEnd(gradients, visible, end);
    }

    private static void ClearEnd(float* scores, int visible, int end)
    {
        for (var t = RoundUp(visible); t < end; t += S.Lanes) S.Store(scores + t, S.Broadcast(0));
    }

    /// <summary>The queries of <paramref name="own"/> in blocks, for each query head that this key head serves.</summary>
    private IEnumerable<(TokenRange Rows, int Head)> Blocks(TokenRange own, int keyHead)
    {
        var shared = _shape.Heads / _shape.KeyHeads;
        for (var head = keyHead * shared; head < (keyHead + 1) * shared; head++)
        {
            for (var start = 0; start < own.Length; start += QueryRows)
            {
                yield return (new TokenRange(own.Start + start, Math.Min(QueryRows, own.Length - start)), head);
            }
        }
    }

    private void LoadKeys(TokenRange own, int offset, int keyHead, float* k, float* v)
    {
        var row = (long)_shape.KeyHeads * _width;
        var start = own.Start * row + keyHead * _width;
        Copy(own.Length, k + start, row, _keys + (long)offset * _width, _width, 1);
        Copy(own.Length, v + start, row, _values + (long)offset * _width, _width, 1);
        Transpose(offset, own.Length, _keys, _keysAcross);
        if (_valuesAcross != null) Transpose(offset, own.Length, _values, _valuesAcross);
    }

    private void LoadRows(TokenRange rows, int head, float* source, float factor, float* target)
    {
        var row = (long)_shape.Heads * _width;
        Copy(rows.Length, source + rows.Start * row + head * _width, row, target, _width, factor);
    }

    /// <summary>Copies rows out, each times its factor.</summary>
    private void StoreRows(TokenRange rows, int head, float* source, float* target)
    {
        var row = (long)_shape.Heads * _width;
        for (var i = 0; i < rows.Length; i++) Copy(1, source + i * _width, _width, target + (rows.Start + i) * row + head * _width, row, _factors[i]);
    }

    private void StoreKeyRows(TokenRange own, int keyHead, float* source, float* target)
    {
        var row = (long)_shape.KeyHeads * _width;
        Copy(own.Length, source, _width, target + own.Start * row + keyHead * _width, row, 1);
    }

    private void ClearGradients(int offset, int count)
    {
        // Whole tiles are added to: what stands beyond the end is never stored.
        var bytes = (nuint)((count + SmallProduct<S, V>.Rows) * _width * sizeof(float));
        NativeMemory.Clear(_keyGradients + (long)offset * _width, bytes);
        NativeMemory.Clear(_valueGradients + (long)offset * _width, bytes);
    }

    private void Copy(int count, float* source, long sourceRow, float* target, long targetRow, float factor)
    {
        var f = S.Broadcast(factor);
        for (var i = 0; i < count; i++, source += sourceRow, target += targetRow)
        {
            for (var d = 0; d < _width; d += S.Lanes) S.Store(target + d, S.Multiply(f, S.Load(source + d)));
        }
    }

    /// <summary>(L, Dh) to (Dh, L), the rows from <paramref name="first"/> on.</summary>
    private void Transpose(int first, int count, float* source, float* target)
    {
        var t = first;
        for (; t + 4 <= first + count; t += 4)
        {
            float* a = source + (long)t * _width, b = a + _width, c = b + _width, d = c + _width, to = target + t;
            for (var i = 0; i < _width; i++, to += _stride) Vector128.Create(a[i], b[i], c[i], d[i]).Store(to);
        }
        for (; t < first + count; t++)
        {
            float* from = source + (long)t * _width, to = target + t;
            for (var i = 0; i < _width; i++, to += _stride) *to = from[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int RoundUp(int count) => (count + S.Lanes - 1) / S.Lanes * S.Lanes;
}
