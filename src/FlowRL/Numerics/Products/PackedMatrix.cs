namespace FlowRL.Numerics.Products;

/// <summary>
/// Weights (N, K) laid out as the matrix product reads them: panels of four registers of outputs, each panel K rows of them. N is
/// padded with zeros to whole panels. Owns its memory.
/// </summary>
internal sealed unsafe class PackedMatrix<S, V, W> : IDisposable
    where S : struct, ISimd<V>
    where V : struct
    where W : struct, IStorage
{
    private const int LineNumbers = 16;

    private readonly NativeBlock _panels;
    private readonly NativeBlock _bias; // one number an output, zeros where there is no bias

    public PackedMatrix(int outputs, int inputs)
    {
        (Inputs, Panels) = (inputs, PanelsOf(outputs));
        _panels = new NativeBlock(Panels * PanelBytes);
        _bias = new NativeBlock(Panels * Width * sizeof(float));
    }

    /// <summary>Outputs of a panel.</summary>
    public static int Width => 4 * S.Lanes;

    /// <summary>K.</summary>
    public int Inputs { get; }

    public int Panels { get; }

    /// <summary>Memory held.</summary>
    public long Bytes => _panels.Bytes + _bias.Bytes;

    private long PanelBytes => PanelSize(Inputs);

    /// <summary>Memory of a matrix, before it is there.</summary>
    public static long Size(int outputs, int inputs) => PanelsOf(outputs) * (PanelSize(inputs) + Width * sizeof(float));

    private static int PanelsOf(int outputs) => (outputs + Width - 1) / Width;

    private static long PanelSize(int inputs) => (long)Width * inputs * W.Bytes;

    public byte* Panel(int index) => _panels.Data + index * PanelBytes;

    public float* Bias(int panel) => (float*)_bias.Data + panel * Width;

    /// <summary>Fills one panel.</summary>
    /// <param name="panel">Which.</param>
    /// <param name="source">Gives for an output of the panel (0 to Width − 1) its K weights, or null for padding.</param>
    /// <param name="bias">Gives the bias of an output.</param>
    public void Fill(int panel, RowSource source, Func<int, float> bias)
    {
        var rows = stackalloc float*[Width];
        for (var i = 0; i < Width; i++)
        {
            rows[i] = source(i);
            Bias(panel)[i] = bias(i);
        }
        // A line of each row at a time: one number of each would touch as many lines as there are rows again and again.
        var lines = stackalloc float[LineNumbers * Width];
        new Span<float>(lines, LineNumbers * Width).Clear(); // padding stays zero
        var target = Panel(panel);
        for (var first = 0; first < Inputs; first += LineNumbers)
        {
            var count = Math.Min(LineNumbers, Inputs - first);
            for (var i = 0; i < Width; i++)
            {
                if (rows[i] == null) continue;
                float* from = rows[i] + first, to = lines + i;
                for (var k = 0; k < count; k++) to[k * Width] = from[k];
            }
            for (var column = lines; column < lines + count * Width; column += Width, target += Width * W.Bytes)
            {
                W.StorePair<S, V>(target, S.Load(column), S.Load(column + S.Lanes));
                W.StorePair<S, V>(target + 2 * S.Lanes * W.Bytes, S.Load(column + 2 * S.Lanes), S.Load(column + 3 * S.Lanes));
            }
        }
    }

    public void Dispose()
    {
        _panels.Dispose();
        _bias.Dispose();
    }

    /// <summary>The weights of one output.</summary>
    public delegate float* RowSource(int output);
}
