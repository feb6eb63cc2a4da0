namespace FlowRL.Numerics;

/// <summary>Where the matrices of a product C = A · B lie.</summary>
internal unsafe struct Operands
{
    /// <summary>a(r, k) stands at r · <see cref="ARow"/> + k · <see cref="ADepth"/>.</summary>
    public float* A;
    public long ARow, ADepth;

    /// <summary>The panel p of B begins at p · <see cref="BPanel"/>; in it a row of the panel's columns stands every <see cref="BRow"/> numbers.</summary>
    public float* B;
    public long BRow, BPanel;

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
    // A block of A of 240 rows and 512 terms is 480 kB, a panel of 512-bit registers 128 kB: both stay in a core's second-level cache.
    private const int DepthBlock = 512;

    public void Run<S, V>()
        where S : struct, ISimd<V>
        where V : struct
    {
        var width = PanelProduct<S, V>.Width;
        var blocks = Math.Max(1, (depth + DepthBlock - 1) / DepthBlock);
        var edge = stackalloc float[width];
        for (var block = 0; block < blocks; block++)
        {
            var (k, end) = ((int)((long)depth * block / blocks), (int)((long)depth * (block + 1) / blocks));
            var a = operands.A + row * operands.ARow + k * operands.ADepth;
            for (var panel = firstPanel; panel < lastPanel; panel++)
            {
                var c = operands.C + row * operands.CRow + panel * width;
                var b = operands.B + panel * operands.BPanel + k * operands.BRow;
                var begins = block == 0 && !operands.Adds;
                var valid = Math.Min(width, columns - panel * width);
                if (valid < width) Edge<S, V>(a, end - k, b, c, valid, begins, panel * width, edge);
                else if (!begins) PanelProduct<S, V>.Run(a, operands.ARow, operands.ADepth, rows, end - k, b, operands.BRow, c, operands.CRow, c, operands.CRow);
                else
                {
                    Begin(edge, panel * width, width, width);
                    PanelProduct<S, V>.Run(a, operands.ARow, operands.ADepth, rows, end - k, b, operands.BRow, edge, 0, c, operands.CRow);
                }
            }
        }
    }

    private void Begin(float* start, int column, int valid, int width)
    {
        for (var i = 0; i < width; i++) start[i] = operands.Start == null || i >= valid ? 0 : operands.Start[column + i];
    }

    /// <summary>The last panel, of which only some columns are there: through memory of whole panels, since rows of C and B end before it does.</summary>
    private void Edge<S, V>(float* a, int count, float* b, float* c, int valid, bool begins, int column, float* start)
        where S : struct, ISimd<V>
        where V : struct
    {
        const int few = 6;
        var width = PanelProduct<S, V>.Width;
        var isPacked = operands.BRow == width;
        using var copy = new NativeBlock(((isPacked ? 0 : (long)count * width) + few * width) * sizeof(float));
        float* sums = (float*)copy.Data, panel = b;
        if (!isPacked)
        {
            panel = sums + few * width;
            new Span<float>(panel, count * width).Clear();
            for (var k = 0; k < count; k++) new Span<float>(b + k * operands.BRow, valid).CopyTo(new Span<float>(panel + (long)k * width, valid));
        }
        Begin(start, column, valid, width);
        for (var first = 0; first < rows; first += few)
        {
            var here = Math.Min(few, rows - first);
            for (var i = 0; i < here && !begins; i++)
                new Span<float>(c + (first + i) * operands.CRow, valid).CopyTo(new Span<float>(sums + i * width, valid));
            PanelProduct<S, V>.Run(a + first * operands.ARow, operands.ARow, operands.ADepth, here, count, panel, width,
                begins ? start : sums, begins ? 0 : width, sums, width);
            for (var i = 0; i < here; i++)
                new Span<float>(sums + i * width, valid).CopyTo(new Span<float>(c + (first + i) * operands.CRow, valid));
        }
    }
}

/// <summary>Lays rows of a matrix (O, K) out as a panel: for each k the numbers of all rows, zeros where there are no more.</summary>
internal readonly unsafe struct PackTransposed(float* source, int rows, int depth, float* panel) : IVectorKernel
{
    private const int LineNumbers = 16;

    public void Run<S, V>()
        where S : struct, ISimd<V>
        where V : struct
    {
        var width = PanelProduct<S, V>.Width;
        // A line of each row at a time: one number of each would touch as many lines as there are rows again and again.
        for (var first = 0; first < depth; first += LineNumbers)
        {
            var count = Math.Min(LineNumbers, depth - first);
            for (var i = 0; i < width; i++)
            {
                float* from = source + (long)i * depth + first, to = panel + (long)first * width + i;
                if (i < rows) for (var k = 0; k < count; k++) to[k * width] = from[k];
                else for (var k = 0; k < count; k++) to[k * width] = 0;
            }
        }
    }
}
