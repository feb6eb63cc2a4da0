using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowRL.Numerics;
using FlowRL.Numerics.Products;

namespace FlowRL.Models.Attention;

/// <summary>
/// One thread's memory for attention: the keys and values of one key head of one family, and a block of queries with its scores. Everything is
/// copied in and out, so that products run over memory that is dense, padded to whole tiles and registers, and in the nearest caches.
/// </summary>
/// <remarks>L tokens of the longest sequence, Dh numbers of a head, Dp the same up to whole registers; what is between stays zero.</remarks>
internal sealed unsafe class AttentionPlace<S, V> : IDisposable
    where S : struct, ISimd<V>
    where V : struct
{
    /// <summary>Queries of a block: a multiple of a tile's rows.</summary>
    public const int QueryRows = 32;

    private readonly AttentionShape _shape;
    private readonly float* _memory;

    public AttentionPlace(AttentionShape shape, bool withGradient)
    {
        _shape = shape;
        Width = (shape.Width + S.Lanes - 1) / S.Lanes * S.Lanes;
        // Beyond the last key a register may be read; before the first score one, beyond the last and what a tile of keys reads there another, be written.
        Stride = RoundUp(shape.Longest + S.Lanes);
        var seen = shape.Rule.WindowWithin(shape.Longest) is { } window ? Math.Min(shape.Longest, window + QueryRows) : shape.Longest;
        ScoreStride = RoundUp(seen + 3 * S.Lanes);
        long rows = (long)Stride * Width, block = QueryRows * Width, scores = (long)QueryRows * ScoreStride;
        var total = 3 * rows + 2 * block + scores + QueryRows + ScoreStride + (withGradient ? 3 * rows + block + scores : 0);
        _memory = (float*)NativeMemory.AlignedAlloc((nuint)(total * sizeof(float)), 64);
        NativeMemory.Clear(_memory, (nuint)(total * sizeof(float)));
        var next = _memory;
        float* Take(long count)
        {
            var taken = next;
            next += count;
            return taken;
        }
        Keys = Take(rows);
        Values = Take(rows);
        KeysAcross = Take(rows);
        Queries = Take(block);
        Output = Take(block);
        Scores = Take(scores) + S.Lanes;
        Factors = Take(QueryRows);
        Slopes = Take(ScoreStride);
        if (!withGradient) return;
        ValuesAcross = Take(rows);
        KeyGradients = Take(rows);
        ValueGradients = Take(rows);
        QueryGradients = Take(block);
        ScoreGradients = Take(scores) + S.Lanes;
    }

    /// <summary>Dp.</summary>
    public int Width { get; }

    /// <summary>Numbers from one row of what lies across to the next.</summary>
    public int Stride { get; }

    /// <summary>Numbers from one row of scores to the next.</summary>
    public int ScoreStride { get; }

    /// <summary>(L, Dp).</summary>
    public float* Keys { get; }
    public float* Values { get; }
    public float* KeyGradients { get; }
    public float* ValueGradients { get; }

    /// <summary>(Dp, L).</summary>
    public float* KeysAcross { get; }
    public float* ValuesAcross { get; }

    /// <summary>(block, Dp).</summary>
    public float* Queries { get; }
    public float* Output { get; }
    public float* QueryGradients { get; }

    /// <summary>(block, columns), columns being keys from the first that the block's first query sees; a register before each row is free.</summary>
    public float* Scores { get; }
    public float* ScoreGradients { get; }

    /// <summary>(block) what rows are multiplied by on their way out.</summary>
    public float* Factors { get; }

    /// <summary>(columns) of the row at hand.</summary>
    public float* Slopes { get; }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    /// <summary>Keys and values of <paramref name="own"/> come to stand at <paramref name="offset"/>.</summary>
    public void LoadKeys(TokenRange own, int offset, int keyHead, float* k, float* v)
    {
        var row = (long)_shape.KeyHeads * _shape.Width;
        var start = own.Start * row + keyHead * _shape.Width;
        Copy(own.Length, k + start, row, Keys + (long)offset * Width, Width, 1);
        Copy(own.Length, v + start, row, Values + (long)offset * Width, Width, 1);
        Transpose(offset, own.Length, Keys, KeysAcross);
        if (ValuesAcross != null) Transpose(offset, own.Length, Values, ValuesAcross);
    }

    /// <summary>Rows of a query head, times a factor.</summary>
    public void LoadRows(TokenRange rows, int head, float* source, float factor, float* target)
    {
        var row = (long)_shape.Heads * _shape.Width;
        Copy(rows.Length, source + rows.Start * row + head * _shape.Width, row, target, Width, factor);
    }

    /// <summary>Copies rows out, each times its factor.</summary>
    public void StoreRows(TokenRange rows, int head, float* source, float* target)
    {
        var row = (long)_shape.Heads * _shape.Width;
        for (var i = 0; i < rows.Length; i++)
        {
            Copy(1, source + i * Width, Width, target + (rows.Start + i) * row + head * _shape.Width, row, Factors[i]);
        }
    }

    /// <summary>Gradients of keys and values, from <paramref name="offset"/> on, go out to <paramref name="own"/>.</summary>
    public void StoreKeyGradients(TokenRange own, int offset, int keyHead, float* dk, float* dv)
    {
        var row = (long)_shape.KeyHeads * _shape.Width;
        var start = own.Start * row + keyHead * _shape.Width;
        Copy(own.Length, KeyGradients + (long)offset * Width, Width, dk + start, row, 1);
        Copy(own.Length, ValueGradients + (long)offset * Width, Width, dv + start, row, 1);
    }

    public void ClearGradients(int offset, int count)
    {
        // Whole tiles are added to: what stands beyond the end is never stored.
        var bytes = (nuint)((count + SmallProduct<S, V>.Rows) * Width * sizeof(float));
        NativeMemory.Clear(KeyGradients + (long)offset * Width, bytes);
        NativeMemory.Clear(ValueGradients + (long)offset * Width, bytes);
    }

    private static int RoundUp(int count) => ScoreRow<S, V>.RoundUp(count);

    private void Copy(int count, float* source, long sourceRow, float* target, long targetRow, float factor)
    {
        var f = S.Broadcast(factor);
        for (var i = 0; i < count; i++, source += sourceRow, target += targetRow)
        {
            var d = 0;
            for (; d + S.Lanes <= _shape.Width; d += S.Lanes) S.Store(target + d, S.Multiply(f, S.Load(source + d)));
            for (; d < _shape.Width; d++) target[d] = factor * source[d];
        }
    }

    /// <summary>(L, Dp) to (Dp, L), the rows from <paramref name="first"/> on.</summary>
    private void Transpose(int first, int count, float* source, float* target)
    {
        var t = first;
        for (; t + 4 <= first + count; t += 4)
        {
            float* a = source + (long)t * Width, b = a + Width, c = b + Width, d = c + Width, to = target + t;
            for (var i = 0; i < _shape.Width; i++, to += Stride) Vector128.Create(a[i], b[i], c[i], d[i]).Store(to);
        }
        for (; t < first + count; t++)
        {
            float* from = source + (long)t * Width, to = target + t;
            for (var i = 0; i < _shape.Width; i++, to += Stride) *to = from[i];
        }
    }
}
