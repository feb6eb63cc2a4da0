namespace FlowRL.Numerics.Products;

/// <summary>
/// C (rows, panel) = A (rows, depth) · B (depth, panel), where a panel is four registers wide and B its rows, one behind the other. A is read number by
/// number through two strides, so that a transposed matrix is the same matrix with the strides exchanged. Each sum runs along the depth in order,
/// whichever tile it is in.
/// </summary>
internal static unsafe class PanelProduct<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    /// <summary>Columns of a panel.</summary>
    public static int Width => 4 * S.Lanes;

    /// <param name="a">
    /// a(r, k) stands at r · <paramref name="aRow"/> + k · <paramref name="aDepth"/>; the rows of each tile after the first one begin r ·
    /// <paramref name="aTile"/> further on, where r is the first.
    /// </param>
    /// <param name="aTile">See <paramref name="a"/>: <paramref name="aRow"/> unless tiles lie one behind the other.</param>
    /// <param name="aRow">See <paramref name="a"/>.</param>
    /// <param name="aDepth">See <paramref name="a"/>.</param>
    /// <param name="rows">Of A and C.</param>
    /// <param name="depth">Terms of each sum.</param>
    /// <param name="b">B.</param>
    /// <param name="start">What the sums start from: row r at r · <paramref name="startRow"/>.</param>
    /// <param name="startRow">0 for the same in every row.</param>
    /// <param name="c">Row r at r · <paramref name="cRow"/>; may be <paramref name="start"/>.</param>
    /// <param name="cRow">See <paramref name="c"/>.</param>
    /// <param name="next">What the thread copies next: tiles of six rows ask for it.</param>
    public static void Run(float* a, long aTile, long aRow, long aDepth, int rows, int depth, float* b, float* start, long startRow, float* c, long cRow,
        NextBlock next)
    {
        for (var row = 0; row < rows;)
        {
            var within = row % S.TileRows;
            float* x = a + (row - within) * aTile + within * aRow, from = start + row * startRow, to = c + row * cRow;
            var left = rows - row;
            if (left >= 6 && S.TileRows >= 6)
            {
                var (line, step) = next.Take();
                Six(x, aRow, aDepth, depth, b, from, startRow, to, cRow, line, step);
                row += 6;
            }
            else if (left >= 4 && S.TileRows >= 4)
            {
                Four(x, aRow, aDepth, depth, b, from, startRow, to, cRow);
                row += 4;
            }
            else if (left >= 2)
            {
                Two(x, aRow, aDepth, depth, b, from, startRow, to, cRow);
                row += 2;
            }
            else
            {
                One(x, aDepth, depth, b, from, to);
                row++;
            }
        }
    }

    private static void Six(float* a, long aRow, long aDepth, int depth, float* b, float* start, long startRow, float* c, long cRow,
        nint line, nint step)
    {
        float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
        var r0 = new Quad<S, V>(start);
        var r1 = new Quad<S, V>(start + startRow);
        var r2 = new Quad<S, V>(start + 2 * startRow);
        var r3 = new Quad<S, V>(start + 3 * startRow);
        var r4 = new Quad<S, V>(start + 4 * startRow);
        var r5 = new Quad<S, V>(start + 5 * startRow);
        var end = b + (long)depth * Width;
        for (long at = 0; b < end; b += Width, at += aDepth)
        {
            Prefetch.Far((byte*)line);
            line += step;
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

    private static void Four(float* a, long aRow, long aDepth, int depth, float* b, float* start, long startRow, float* c, long cRow)
    {
        float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        var r0 = new Quad<S, V>(start);
        var r1 = new Quad<S, V>(start + startRow);
        var r2 = new Quad<S, V>(start + 2 * startRow);
        var r3 = new Quad<S, V>(start + 3 * startRow);
        var end = b + (long)depth * Width;
        for (long at = 0; b < end; b += Width, at += aDepth)
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

    private static void Two(float* a, long aRow, long aDepth, int depth, float* b, float* start, long startRow, float* c, long cRow)
    {
        float* a0 = a, a1 = a0 + aRow;
        var r0 = new Quad<S, V>(start);
        var r1 = new Quad<S, V>(start + startRow);
        var end = b + (long)depth * Width;
        for (long at = 0; b < end; b += Width, at += aDepth)
        {
            var w = new Quad<S, V>(b);
            r0.Add(S.Broadcast(a0[at]), w);
            r1.Add(S.Broadcast(a1[at]), w);
        }
        r0.Store<Assign<S, V>>(c);
        r1.Store<Assign<S, V>>(c + cRow);
    }

    private static void One(float* a, long aDepth, int depth, float* b, float* start, float* c)
    {
        var sum = new Quad<S, V>(start);
        var end = b + (long)depth * Width;
        for (long at = 0; b < end; b += Width, at += aDepth) sum.Add(S.Broadcast(a[at]), new Quad<S, V>(b));
        sum.Store<Assign<S, V>>(c);
    }
}

/// <summary>
/// Rows of two matrices that a thread is about to copy, a column of cache lines after the other: asked for while products run, a line with each of their
/// terms, since asking for many at once would keep the products' own loads waiting.
/// </summary>
internal unsafe struct NextBlock
{
    private const int LineNumbers = 16;

    private nint _first, _second;
    private readonly nint _firstRow, _secondRow;
    private int _firstLines, _secondLines;

    /// <param name="first">Rows <paramref name="firstRow"/> apart, of <paramref name="firstCount"/> numbers each.</param>
    /// <param name="firstRow">See <paramref name="first"/>.</param>
    /// <param name="firstCount">See <paramref name="first"/>; 0 for none.</param>
    /// <param name="second">Likewise.</param>
    /// <param name="secondRow">See <paramref name="second"/>.</param>
    /// <param name="secondCount">See <paramref name="second"/>.</param>
    public NextBlock(float* first, long firstRow, int firstCount, float* second, long secondRow, int secondCount)
    {
        (_first, _firstRow, _firstLines) = ((nint)(first - LineNumbers), (nint)firstRow * sizeof(float), Lines(firstCount));
        (_second, _secondRow, _secondLines) = ((nint)(second - LineNumbers), (nint)secondRow * sizeof(float), Lines(secondCount));
    }

    /// <summary>The next column of lines: where it begins, and the bytes to the line below; a step of 0 where all have been taken.</summary>
    public (nint Line, nint Step) Take()
    {
        if (_firstLines-- > 0) return (_first += LineNumbers * sizeof(float), _firstRow);
        return _secondLines-- > 0 ? (_second += LineNumbers * sizeof(float), _secondRow) : (_first, 0);
    }

    private static int Lines(int numbers) => (numbers + LineNumbers - 1) / LineNumbers;
}
