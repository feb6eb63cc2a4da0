using System.Runtime.CompilerServices;

namespace FlowRL.Numerics.Products;

/// <summary>
/// <see cref="PanelProduct{S, V}"/> for a panel that is two registers wide: what is left over of a matrix's columns, without the other half. A text of its own,
/// because in one that is generic over the registers of a row the compiler keeps sums in memory, at a third of the speed.
/// </summary>
internal static unsafe class HalfPanelProduct<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    private static int Width => 2 * S.Lanes;

    /// <inheritdoc cref="PanelProduct{S, V}.Run"/>
    public static void Run(float* a, long aTile, long aRow, long aDepth, int rows, int depth, float* b, float* start, long startRow, float* c, long cRow)
    {
        for (var row = 0; row < rows;)
        {
            var within = row % S.TileRows;
            float* x = a + (row - within) * aTile + within * aRow, from = start + row * startRow, to = c + row * cRow;
            var isSix = rows - row >= 6 && S.TileRows >= 6;
            if (isSix) Six(x, aRow, aDepth, depth, b, from, startRow, to, cRow);
            else One(x, aDepth, depth, b, from, to);
            row += isSix ? 6 : 1;
        }
    }

    private static void Six(float* a, long aRow, long aDepth, int depth, float* b, float* start, long startRow, float* c, long cRow)
    {
        float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
        var r0 = new Pair<S, V>(start);
        var r1 = new Pair<S, V>(start + startRow);
        var r2 = new Pair<S, V>(start + 2 * startRow);
        var r3 = new Pair<S, V>(start + 3 * startRow);
        var r4 = new Pair<S, V>(start + 4 * startRow);
        var r5 = new Pair<S, V>(start + 5 * startRow);
        var end = b + (long)depth * Width;
        for (long at = 0; b < end; b += Width, at += aDepth)
        {
            var w = new Pair<S, V>(b);
            r0.Add(S.Broadcast(a0[at]), w);
            r1.Add(S.Broadcast(a1[at]), w);
            r2.Add(S.Broadcast(a2[at]), w);
            r3.Add(S.Broadcast(a3[at]), w);
            r4.Add(S.Broadcast(a4[at]), w);
            r5.Add(S.Broadcast(a5[at]), w);
        }
        r0.Store(c);
        r1.Store(c + cRow);
        r2.Store(c + 2 * cRow);
        r3.Store(c + 3 * cRow);
        r4.Store(c + 4 * cRow);
        r5.Store(c + 5 * cRow);
    }

    private static void One(float* a, long aDepth, int depth, float* b, float* start, float* c)
    {
        var sum = new Pair<S, V>(start);
        var end = b + (long)depth * Width;
        for (long at = 0; b < end; b += Width, at += aDepth) sum.Add(S.Broadcast(a[at]), new Pair<S, V>(b));
        sum.Store(c);
    }
}

/// <summary>Two registers: the weights of one input, or one row's sums over half a panel.</summary>
internal unsafe struct Pair<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    private V _a, _b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Pair(float* start)
    {
        _a = S.Load(start);
        _b = S.Load(start + S.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(V x, Pair<S, V> weights)
    {
        _a = S.MultiplyAdd(x, weights._a, _a);
        _b = S.MultiplyAdd(x, weights._b, _b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target)
    {
        S.Store(target, _a);
        S.Store(target + S.Lanes, _b);
    }
}
