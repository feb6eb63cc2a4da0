namespace FlowRL.Numerics;

/// <summary>
/// C (rows, panel) = A (rows, depth) · B (depth, panel), where a panel is four registers wide. A is read number by number through two
/// strides, so that a transposed matrix is the same matrix with the strides exchanged. Each sum runs along the depth in order, whichever tile it is in.
/// </summary>
internal static unsafe class PanelProduct<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    /// <summary>Columns of a panel.</summary>
    public static int Width => 4 * S.Lanes;

    /// <param name="a">a(r, k) stands at r · <paramref name="aRow"/> + k · <paramref name="aDepth"/>.</param>
    /// <param name="aRow">See <paramref name="a"/>.</param>
    /// <param name="aDepth">See <paramref name="a"/>.</param>
    /// <param name="rows">Of A and C.</param>
    /// <param name="depth">Terms of each sum.</param>
    /// <param name="b">B: the panel's <see cref="Width"/> numbers of k stand from k · <paramref name="bRow"/> on.</param>
    /// <param name="bRow">See <paramref name="b"/>.</param>
    /// <param name="start">What the sums start from: row r at r · <paramref name="startRow"/>.</param>
    /// <param name="startRow">0 for the same in every row.</param>
    /// <param name="c">Row r at r · <paramref name="cRow"/>; may be <paramref name="start"/>.</param>
    /// <param name="cRow">See <paramref name="c"/>.</param>
    public static void Run(float* a, long aRow, long aDepth, int rows, int depth, float* b, long bRow, float* start, long startRow, float* c, long cRow)
    {
        for (var row = 0; row < rows;)
        {
            float* x = a + row * aRow, from = start + row * startRow, to = c + row * cRow;
            var left = rows - row;
            if (left >= 6 && S.TileRows >= 6)
            {
                Six(x, aRow, aDepth, depth, b, bRow, from, startRow, to, cRow);
                row += 6;
            }
            else if (left >= 4 && S.TileRows >= 4)
            {
                Four(x, aRow, aDepth, depth, b, bRow, from, startRow, to, cRow);
                row += 4;
            }
            else if (left >= 2)
            {
                Two(x, aRow, aDepth, depth, b, bRow, from, startRow, to, cRow);
                row += 2;
            }
            else
            {
                One(x, aDepth, depth, b, bRow, from, to);
                row++;
            }
        }
    }

    private static void Six(float* a, long aRow, long aDepth, int depth, float* b, long bRow, float* start, long startRow, float* c, long cRow)
    {
        float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
        var r0 = new Quad<S, V>(start);
        var r1 = new Quad<S, V>(start + startRow);
        var r2 = new Quad<S, V>(start + 2 * startRow);
        var r3 = new Quad<S, V>(start + 3 * startRow);
        var r4 = new Quad<S, V>(start + 4 * startRow);
        var r5 = new Quad<S, V>(start + 5 * startRow);
        var end = b + depth * bRow;
        for (long at = 0; b < end; b += bRow, at += aDepth)
        {
            var w = new Quad<S, V>(b);
            r0.Add(S.Broadcast(a0[at]), w);
            r1.Add(S.Broadcast(a1[at]), w);
            r2.Add(S.Broadcast(a2[at]), w);
            r3.Add(S.Broadcast(a3[at]), w);
            r4.Add(S.Broadcast(a4[at]), w);
            r5.Add(S.Broadcast(a5[at]), w);
        }
        r0.Store<Assign<S, V>>(c);
        r1.Store<Assign<S, V>>(c + cRow);
        r2.Store<Assign<S, V>>(c + 2 * cRow);
        r3.Store<Assign<S, V>>(c + 3 * cRow);
        r4.Store<Assign<S, V>>(c + 4 * cRow);
        r5.Store<Assign<S, V>>(c + 5 * cRow);
    }

    private static void Four(float* a, long aRow, long aDepth, int depth, float* b, long bRow, float* start, long startRow, float* c, long cRow)
    {
        float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        var r0 = new Quad<S, V>(start);
        var r1 = new Quad<S, V>(start + startRow);
        var r2 = new Quad<S, V>(start + 2 * startRow);
        var r3 = new Quad<S, V>(start + 3 * startRow);
        var end = b + depth * bRow;
        for (long at = 0; b < end; b += bRow, at += aDepth)
        {
            var w = new Quad<S, V>(b);
            r0.Add(S.Broadcast(a0[at]), w);
            r1.Add(S.Broadcast(a1[at]), w);
            r2.Add(S.Broadcast(a2[at]), w);
            r3.Add(S.Broadcast(a3[at]), w);
        }
        r0.Store<Assign<S, V>>(c);
        r1.Store<Assign<S, V>>(c + cRow);
        r2.Store<Assign<S, V>>(c + 2 * cRow);
        r3.Store<Assign<S, V>>(c + 3 * cRow);
    }

    private static void Two(float* a, long aRow, long aDepth, int depth, float* b, long bRow, float* start, long startRow, float* c, long cRow)
    {
        float* a0 = a, a1 = a0 + aRow;
        var r0 = new Quad<S, V>(start);
        var r1 = new Quad<S, V>(start + startRow);
        var end = b + depth * bRow;
        for (long at = 0; b < end; b += bRow, at += aDepth)
        {
            var w = new Quad<S, V>(b);
            r0.Add(S.Broadcast(a0[at]), w);
            r1.Add(S.Broadcast(a1[at]), w);
        }
        r0.Store<Assign<S, V>>(c);
        r1.Store<Assign<S, V>>(c + cRow);
    }

    private static void One(float* a, long aDepth, int depth, float* b, long bRow, float* start, float* c)
    {
        var sum = new Quad<S, V>(start);
        var end = b + depth * bRow;
        for (long at = 0; b < end; b += bRow, at += aDepth) sum.Add(S.Broadcast(a[at]), new Quad<S, V>(b));
        sum.Store<Assign<S, V>>(c);
    }
}
