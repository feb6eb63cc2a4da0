using FlowRL.Numerics.Threads;
using static TorchSharp.torch;

namespace FlowRL.Numerics;

/// <summary>Adds rows to rows of a matrix, each in turn: threads divide the columns, so that the order of sums is the same with any number of them.</summary>
internal readonly unsafe struct RowSums(float* target, long* places, float* rows, long count, int width, int firstColumn, int lastColumn) : IVectorKernel
{
    private const int Columns = 64; // of a share: whole cache lines

    /// <summary>target[places[i]] += rows[i], in the order of i.</summary>
    /// <param name="target">(N, D) contiguous.</param>
    /// <param name="places">(M) int64, each below N.</param>
    /// <param name="rows">(M, D), brought to the target's type.</param>
    public static void Add(Tensor target, Tensor places, Tensor rows)
    {
        using var scope = NewDisposeScope();
        var typed = rows.to_type(target.dtype).contiguous();
        if (!TensorMemory.IsReachable(target))
        {
            target.index_add_(0, places, typed, Scalars.Of(1));
            return;
        }
        var (width, count) = ((int)target.shape[1], places.numel());
        if (count == 0 || width == 0) return;
        nint to = (nint)TensorMemory.Floats(target), at = (nint)TensorMemory.Pointer(places.contiguous()), from = (nint)TensorMemory.Floats(typed);
        OpenMp.For((width + Columns - 1) / Columns, (first, last, _) => Vectors.Run(
            new RowSums((float*)to, (long*)at, (float*)from, count, width, first * Columns, Math.Min(width, last * Columns)), Vectors.Widest));
    }

    public void Run<S, V>()
        where S : struct, ISimd<V>
        where V : struct
    {
        for (var i = 0L; i < count; i++)
        {
            float* to = target + places[i] * width, from = rows + i * width;
            var d = firstColumn;
            for (; d + S.Lanes <= lastColumn; d += S.Lanes) S.Store(to + d, S.Add(S.Load(to + d), S.Load(from + d)));
            for (; d < lastColumn; d++) to[d] += from[d];
        }
    }
}
