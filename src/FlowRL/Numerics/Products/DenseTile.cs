using System.Runtime.Intrinsics;

namespace FlowRL.Numerics.Products;

/// <summary>Where the matrices of a product C = A · B lie. B (depth, columns) is either in panels already, or row by row.</summary>
internal unsafe struct Operands
{
    /// <summary>a(r, k) stands at r · <see cref="ARow"/> + k · <see cref="ADepth"/>; one of the two is 1.</summary>
    public float* A;
    public long ARow, ADepth;

    /// <summary>Panels of B, one behind the other and the last one filled with zeros; or its rows, where <see cref="BRow"/> is not 0.</summary>
    public float* B;

    /// <summary>Numbers from one row of B to the next; 0 where it is in panels.</summary>
    public long BRow;

    /// <summary>(columns) what the sums of each row start from; null for zeros.</summary>
    public float* Start;

    /// <summary>Rows of numbers, <see cref="CRow"/> apart.</summary>
    public float* C;
    public long CRow;

    /// <summary>Whether the product is added to what stands in C.</summary>
    public bool Adds;
}

/// <summary>Some rows of C by some of its panels, over the whole depth.</summary>
internal readonly unsafe struct DenseTile(Operands operands, int row, int rows, int depth, int columns, int firstPanel, int lastPanel) : IVectorKernel
{
    /// <summary>The most rows of a tile, and the most panels.</summary>
    public const int MostRows = 240, MostPanels = 6;

    // A block of A of 240 rows and 256 terms is 240 kB, six panels of 512-bit registers 384 kB: both stay in a core's second-level cache.
    private const int DepthBlock = 256;
    private const int WidestPanel = 64;

    [ThreadStatic]
    private static NativeBlock? _workplace;

    /// <summary>Columns of a panel that has <paramref name="valid"/> of them to compute: four registers, or two where those do.</summary>
    public static int WidthOf(int valid, int lanes) => valid <= 2 * lanes ? 2 * lanes : 4 * lanes;

    public void Run<S, V>()
        where S : struct, ISimd<V>
        where V : struct
    {
        var width = 4 * S.Lanes; // of all panels but the last
        var blocks = Math.Max(1, (depth + DepthBlock - 1) / DepthBlock);
        _workplace ??= new NativeBlock((DepthBlock * (MostRows + MostPanels * WidestPanel) + (MostRows + 1) * WidestPanel) * sizeof(float));
        float* aBlock = (float*)_workplace.Data, bBlock = aBlock + DepthBlock * MostRows, sums = bBlock + DepthBlock * MostPanels * WidestPanel;
        var start = sums + MostRows * WidestPanel;
        for (var block = 0; block < blocks; block++)
        {
            var (k, end) = ((int)((long)depth * block / blocks), (int)((long)depth * (block + 1) / blocks));
            var count = end - k;
            float* a = operands.A + row * operands.ARow + k * operands.ADepth;
            long aTile = operands.ARow, aRow = operands.ARow, aDepth = operands.ADepth;
            if (aDepth != 1)
            {
                CopyRows<S, V>(a, count, aBlock);
                a = aBlock;
                (aTile, aRow, aDepth) = (count, 1, S.TileRows);
            }
            if (operands.BRow != 0) CopyPanels<S, V>(k, count, bBlock);
            // Beginning with the second block, what is copied has been asked for during the one before.
            var isLast = block == blocks - 1;
            var (firstColumn, lastColumn) = (firstPanel * width, Math.Min(columns, lastPanel * width));
            var next = new NextBlock(operands.A + row * operands.ARow + end * operands.ADepth, operands.ADepth, isLast || operands.ADepth == 1 ? 0 : rows,
                operands.B + end * operands.BRow + firstColumn, operands.BRow, isLast || operands.BRow == 0 ? 0 : lastColumn - firstColumn);
            var begins = block == 0 && !operands.Adds;
            for (var panel = firstPanel; panel < lastPanel; panel++)
            {
                var valid = Math.Min(width, columns - panel * width);
                var own = WidthOf(valid, S.Lanes);
                var c = operands.C + row * operands.CRow + panel * width;
                var b = operands.BRow == 0 ? operands.B + (long)panel * depth * width + k * own : bBlock + (panel - firstPanel) * count * width;
                if (begins) Begin(start, panel * width, valid, own);
                // Where rows of C end within the panel, by way of memory that has whole ones.
                var (to, toRow) = valid == own ? ((nint)c, operands.CRow) : ((nint)sums, own);
                if (valid < own && !begins) Copy(c, operands.CRow, sums, own, valid);
                var (from, fromRow) = begins ? ((nint)start, 0L) : (to, toRow);
                if (own == width) PanelProduct<S, V>.Run(a, aTile, aRow, aDepth, rows, count, b, (float*)from, fromRow, (float*)to, toRow, next);
                else HalfPanelProduct<S, V>.Run(a, aTile, aRow, aDepth, rows, count, b, (float*)from, fromRow, (float*)to, toRow);
                if (valid < own) Copy(sums, own, c, operands.CRow, valid);
                if (own == width) next = default;
            }
        }
    }

    /// <summary>
    /// Columns of Aᵀ become rows of tiles, a tile behind the other: where they are, the terms of a row are far apart, and a tile would read a few bytes of
    /// each of many cache lines.
    /// </summary>
    private void CopyRows<S, V>(float* a, int count, float* tiles)
        where S : struct, ISimd<V>
        where V : struct
    {
        const int few = 16; // terms: their cache lines stay while tile after tile takes from them
        var size = S.TileRows;
        for (var from = 0; from < count; from += few)
        {
            var until = Math.Min(count, from + few);
            for (var first = 0; first < rows; first += size)
            {
                var here = Math.Min(size, rows - first);
                float* source = a + from * operands.ADepth + first, target = tiles + (long)first * count + from * size;
                for (var t = from; t < until; t++, source += operands.ADepth, target += size)
                {
                    if (here == 6)
                    {
                        // A load of four and one of two; copies of any size take longer than the products with them.
                        Vector128.Load(source).Store(target);
                        *(double*)(target + 4) = *(double*)(source + 4);
                    }
                    else for (var i = 0; i < here; i++) target[i] = source[i];
                }
            }
        }
    }

    /// <summary>Rows of B become parts of this tile's panels: a whole row after the other, as they lie.</summary>
    private void CopyPanels<S, V>(int k, int count, float* panels)
        where S : struct, ISimd<V>
        where V : struct
    {
        var width = 4 * S.Lanes;
        var (first, last) = (firstPanel * width, Math.Min(columns, lastPanel * width));
        var (whole, rest) = ((last - first) / width, (last - first) % width);
        var narrow = WidthOf(rest, S.Lanes);
        for (var i = 0; i < count; i++)
        {
            float* source = operands.B + (k + i) * operands.BRow + first, target = panels + i * width;
            for (var panel = 0; panel < whole; panel++, source += width, target += count * width)
            {
                S.Store(target, S.Load(source));
                S.Store(target + S.Lanes, S.Load(source + S.Lanes));
                S.Store(target + 2 * S.Lanes, S.Load(source + 2 * S.Lanes));
                S.Store(target + 3 * S.Lanes, S.Load(source + 3 * S.Lanes));
            }
            if (rest == 0) continue;
            target = panels + (long)whole * count * width + i * narrow;
            new Span<float>(source, rest).CopyTo(new Span<float>(target, rest));
            new Span<float>(target + rest, narrow - rest).Clear();
        }
    }

    private void Begin(float* start, int column, int valid, int width)
    {
        for (var i = 0; i < width; i++) start[i] = operands.Start == null || i >= valid ? 0 : operands.Start[column + i];
    }

    private void Copy(float* source, long sourceRow, float* target, long targetRow, int count)
    {
        for (var r = 0; r < rows; r++) new Span<float>(source + r * sourceRow, count).CopyTo(new Span<float>(target + r * targetRow, count));
    }
}
