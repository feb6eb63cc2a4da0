using FlowRL.Numerics.Threads;

namespace FlowRL.Numerics.Products;

/// <summary>
/// The three products of a linear layer y = x Wᵀ + b over all threads, in fp32: forward, the gradient of its input and that of its weights. All
/// matrices are contiguous. Every sum runs in an order that shapes alone decide, so that the bits are the same with any number of threads.
/// </summary>
/// <remarks>N rows, K inputs, O outputs. Columns are cut into panels, rows into blocks that stay in a core's second-level cache beside one.</remarks>
internal static unsafe class DenseProduct
{
    // Weights are packed a part at a time: what is beside them in memory stays small whatever the vocabulary.
    private const long PackedBytes = 32L << 20;

    [ThreadStatic]
    private static NativeBlock? _packed;

    // The lanes that callers may name are those of a register narrower than the widest, for tests.

    /// <summary>y (N, O) = x (N, K) · Wᵀ + b for W (O, K); b (O) may be null. Or y += x · Wᵀ, where it <paramref name="adds"/>.</summary>
    public static void Forward(float* x, int n, int k, float* w, int o, float* bias, float* y, int? narrower = null, bool adds = false)
    {
        var lanes = narrower ?? Vectors.Widest;
        var width = 4 * lanes;
        var panelBytes = (long)k * width * sizeof(float);
        var part = (int)Math.Clamp(PackedBytes / panelBytes, 1, Panels(o, width));
        var packed = Scratch(part * panelBytes);
        for (var first = 0; first < o; first += part * width)
        {
            var count = Math.Min(part * width, o - first);
            nint rows = (nint)(w + (long)first * k), target = (nint)packed;
            OpenMp.Each(Panels(count, width), panel => Vectors.Run(new PackTransposed(
                (float*)rows + (long)panel * width * k, Math.Min(width, count - panel * width), k, (float*)target + (long)panel * width * k), lanes));
            Run(new Operands
            {
                A = x,
                ARow = k,
                ADepth = 1,
                B = packed,
                Start = bias == null ? null : bias + first,
                C = y + first,
                CRow = o,
                Adds = adds,
            }, n, k, count, lanes);
        }
    }

    /// <summary>dx (N, K) = dy (N, O) · W for W (O, K), or += where it <paramref name="adds"/>.</summary>
    public static void InputGradient(float* dy, int n, int o, float* w, int k, float* dx, int? narrower = null, bool adds = false) =>
        Run(new Operands { A = dy, ARow = o, ADepth = 1, B = w, BRow = k, C = dx, CRow = k, Adds = adds }, n, o, k, narrower ?? Vectors.Widest);

    /// <summary>dW (O, K) += dyᵀ · x for dy (N, O) and x (N, K).</summary>
    public static void WeightGradient(float* dy, int n, int o, float* x, int k, float* dw, int? narrower = null) =>
        Run(new Operands { A = dy, ARow = 1, ADepth = o, B = x, BRow = k, C = dw, CRow = k, Adds = true }, o, n, k, narrower ?? Vectors.Widest);

    /// <summary>C (rows, columns) = or += A (rows, depth) · B (depth, columns), in tiles that any thread may take.</summary>
    private static void Run(Operands operands, int rows, int depth, int columns, int lanes)
    {
        // So many tiles that a thread which is kept from its core leaves little to wait for; few where each copies its rows of A.
        var wanted = (operands.ADepth == 1 ? 8 : 2) * OpenMp.Threads;
        var (down, panels) = ((rows + DenseTile.MostRows - 1) / DenseTile.MostRows, Panels(columns, 4 * lanes));
        var height = ((rows + down - 1) / down + 5) / 6 * 6; // whole tiles of six rows
        var across = Math.Clamp((wanted + down - 1) / down, (panels + DenseTile.MostPanels - 1) / DenseTile.MostPanels, panels);
        OpenMp.Each(down * across, tile =>
        {
            var (row, part) = (tile / across * height, tile % across);
            var (first, last) = ((int)((long)panels * part / across), (int)((long)panels * (part + 1) / across));
            if (row < rows) Vectors.Run(new DenseTile(operands, row, Math.Min(height, rows - row), depth, columns, first, last), lanes);
        });
    }

    private static int Panels(int columns, int width) => (columns + width - 1) / width;

    private static float* Scratch(long bytes)
    {
        if (_packed is null || _packed.Bytes < bytes)
        {
            _packed?.Dispose();
            _packed = new NativeBlock(bytes);
        }
        return (float*)_packed.Data;
    }
}
