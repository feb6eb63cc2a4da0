using System.Runtime.CompilerServices;

namespace FlowRL.Numerics.Products;

/// <summary>
/// Rows of activations times packed weights. A tile of a few rows by one panel keeps all its sums in registers; the panel streams past
/// once a tile, and lies in the cache of the core from the second tile on.
/// </summary>
internal static unsafe class MatrixProduct<S, V, W>
    where S : struct, ISimd<V>
    where V : struct
    where W : struct, IStorage
{
    // 1024 inputs of a 512-bit panel are 256 kB in fp32: an eighth of a core's second-level cache.
    private const int DepthBlock = 1024;

    /// <summary>Multiplies, for the panels <paramref name="first"/> to <paramref name="last"/> − 1: see <see cref="Panel{E}"/>.</summary>
    public static void Run<E>(
        float* input, int inputStride, int rows, PackedMatrix<S, V, W> weights, int first, int last, float* output, int outputStride, float* partial)
        where E : struct, IEpilogue<S, V>
    {
        for (var panel = first; panel < last; panel++)
        {
            Panel<E>(input, inputStride, rows, weights, panel, weights.Panel(panel + 1), output, outputStride, partial);
        }
    }

    /// <summary>Multiplies one panel and hands the sums to the epilogue.</summary>
    /// <param name="input">Rows of K numbers.</param>
    /// <param name="inputStride">Numbers from one input row to the next.</param>
    /// <param name="rows">How many.</param>
    /// <param name="weights">(N, K).</param>
    /// <param name="panel">Which panel of the weights.</param>
    /// <param name="next">What this thread reads afterwards, another panel: it is asked for meanwhile.</param>
    /// <param name="output">Rows; panel p writes from column p × <c>E.Width</c> on.</param>
    /// <param name="outputStride">Numbers from one output row to the next.</param>
    /// <param name="partial">(rows, panel width) working memory where K needs several blocks.</param>
    public static void Panel<E>(float* input, int inputStride, int rows, PackedMatrix<S, V, W> weights, int panel, byte* next,
        float* output, int outputStride, float* partial)
        where E : struct, IEpilogue<S, V>
    {
        var width = PackedMatrix<S, V, W>.Width;
        var target = output + panel * E.Width;
        var blocks = (weights.Inputs + DepthBlock - 1) / DepthBlock;
        for (var index = 0; index < blocks; index++)
        {
            var (k, end) = ((int)((long)weights.Inputs * index / blocks), (int)((long)weights.Inputs * (index + 1) / blocks));
            byte* source = weights.Panel(panel) + (long)k * width * W.Bytes, after = weights.Panel(panel) + (long)end * width * W.Bytes;
            var start = k == 0 ? weights.Bias(panel) : partial;
            var startStride = k == 0 ? 0 : width;
            if (index == blocks - 1) Rows<E>(input + k, inputStride, rows, source, end - k, start, startStride, target, outputStride, next);
            else Rows<Assign<S, V>>(input + k, inputStride, rows, source, end - k, start, startStride, partial, width, after);
        }
    }

    private static void Rows<E>(float* input, int inputStride, int rows, byte* panel, int depth, float* start, int startStride,
        float* output, int outputStride, byte* next)
        where E : struct, IEpilogue<S, V>
    {
        // The tiles divide what comes next among them and ask for it line by line: asking for all at once would keep the tile's own loads
        // waiting.
        var ahead = new Ahead(next, 4 * S.Lanes * W.Bytes / ((rows + S.TileRows - 1) / S.TileRows));
        for (var row = 0; row < rows;)
        {
            float* x = input + (long)row * inputStride, from = start + (long)row * startStride, to = output + (long)row * outputStride;
            var left = rows - row;
            if (left >= 6 && S.TileRows >= 6)
            {
                Six<E>(x, inputStride, panel, depth, from, startStride, to, outputStride, ahead);
                row += 6;
            }
            else if (left >= 4 && S.TileRows >= 4)
            {
                Four<E>(x, inputStride, panel, depth, from, startStride, to, outputStride, ahead);
                row += 4;
            }
            else if (left >= 2)
            {
                Two<E>(x, inputStride, panel, depth, from, startStride, to, outputStride, ahead);
                row += 2;
            }
            else
            {
                One<E>(x, panel, depth, from, to, ahead);
                row++;
            }
            ahead = ahead.After(depth);
        }
    }

    private static void Six<E>(float* input, int stride, byte* panel, int depth, float* start, int startStride, float* output, int outputStride, Ahead ahead)
        where E : struct, IEpilogue<S, V>
    {
        float* x0 = input, x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, x4 = x3 + stride, x5 = x4 + stride;
        var r0 = new Quad<S, V>(start);
        var r1 = new Quad<S, V>(start + startStride);
        var r2 = new Quad<S, V>(start + 2 * startStride);
        var r3 = new Quad<S, V>(start + 3 * startStride);
        var r4 = new Quad<S, V>(start + 4 * startStride);
        var r5 = new Quad<S, V>(start + 5 * startStride);
        for (var k = 0; k < depth; k++)
        {
            var w = Take(ref panel, ref ahead);
            r0.Add(S.Broadcast(x0[k]), w);
            r1.Add(S.Broadcast(x1[k]), w);
            r2.Add(S.Broadcast(x2[k]), w);
            r3.Add(S.Broadcast(x3[k]), w);
            r4.Add(S.Broadcast(x4[k]), w);
            r5.Add(S.Broadcast(x5[k]), w);
        }
        r0.Store<E>(output);
        r1.Store<E>(output + outputStride);
        r2.Store<E>(output + 2 * outputStride);
        r3.Store<E>(output + 3 * outputStride);
        r4.Store<E>(output + 4 * outputStride);
        r5.Store<E>(output + 5 * outputStride);
    }

    private static void Four<E>(float* input, int stride, byte* panel, int depth, float* start, int startStride, float* output, int outputStride, Ahead ahead)
        where E : struct, IEpilogue<S, V>
    {
        float* x0 = input, x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride;
        var r0 = new Quad<S, V>(start);
        var r1 = new Quad<S, V>(start + startStride);
        var r2 = new Quad<S, V>(start + 2 * startStride);
        var r3 = new Quad<S, V>(start + 3 * startStride);
        for (var k = 0; k < depth; k++)
        {
            var w = Take(ref panel, ref ahead);
            r0.Add(S.Broadcast(x0[k]), w);
            r1.Add(S.Broadcast(x1[k]), w);
            r2.Add(S.Broadcast(x2[k]), w);
            r3.Add(S.Broadcast(x3[k]), w);
        }
        r0.Store<E>(output);
        r1.Store<E>(output + outputStride);
        r2.Store<E>(output + 2 * outputStride);
        r3.Store<E>(output + 3 * outputStride);
    }

    private static void Two<E>(float* input, int stride, byte* panel, int depth, float* start, int startStride, float* output, int outputStride, Ahead ahead)
        where E : struct, IEpilogue<S, V>
    {
        float* x0 = input, x1 = x0 + stride;
        var r0 = new Quad<S, V>(start);
        var r1 = new Quad<S, V>(start + startStride);
        for (var k = 0; k < depth; k++)
        {
            var w = Take(ref panel, ref ahead);
            r0.Add(S.Broadcast(x0[k]), w);
            r1.Add(S.Broadcast(x1[k]), w);
        }
        r0.Store<E>(output);
        r1.Store<E>(output + outputStride);
    }

    private static void One<E>(float* input, byte* panel, int depth, float* start, float* output, Ahead ahead)
        where E : struct, IEpilogue<S, V>
    {
        var r0 = new Quad<S, V>(start);
        for (var k = 0; k < depth; k++)
        {
            var w = Take(ref panel, ref ahead);
            r0.Add(S.Broadcast(input[k]), w);
        }
        r0.Store<E>(output);
    }

    /// <summary>The weights of one input, and what they leave behind: the panel moves on, and what comes next is asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad<S, V> Take(ref byte* panel, ref Ahead ahead)
    {
        W.LoadPair<S, V>(panel, out var a, out var b);
        W.LoadPair<S, V>(panel + 2 * S.Lanes * W.Bytes, out var c, out var d);
        panel += 4 * S.Lanes * W.Bytes;
        ahead.Ask();
        return new Quad<S, V>(a, b, c, d);
    }

    /// <summary>Memory that is asked for a piece at a time.</summary>
    private struct Ahead(byte* next, int step)
    {
        private byte* _next = next;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Ask()
        {
            Prefetch.Far(_next);
            if (step > Prefetch.Line)
            {
                Prefetch.Far(_next + Prefetch.Line);
                if (step > 2 * Prefetch.Line)
                {
                    Prefetch.Far(_next + 2 * Prefetch.Line);
                    Prefetch.Far(_next + 3 * Prefetch.Line);
                }
            }
            _next += step;
        }

        /// <summary>What is left once <paramref name="pieces"/> have been asked for.</summary>
        public readonly Ahead After(int pieces) => new(_next + (long)step * pieces, step);
    }
}
