using System.Runtime.CompilerServices;
using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

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

    /// <summary>Multiplies, for the panels <paramref name="first"/> to <paramref name="last"/> − 1, and hands sums to the epilogue.</summary>
    /// <param name="input">Rows of K numbers.</param>
    /// <param name="inputStride">Numbers from one input row to the next.</param>
    /// <param name="rows">How many.</param>
    /// <param name="weights">(N, K).</param>
    /// <param name="first">First panel.</param>
    /// <param name="last">One past the last panel.</param>
    /// <param name="output">Rows; panel p writes from column p × <c>E.Width</c> on.</param>
    /// <param name="outputStride">Numbers from one output row to the next.</param>
    /// <param name="partial">(rows, panel width) working memory where K needs several blocks.</param>
    public static void Run<E>(
        float* input, int inputStride, int rows, PackedMatrix<S, V, W> weights, int first, int last, float* output, int outputStride, float* partial)
        where E : struct, IEpilogue<S, V>
    {
        var width = PackedMatrix<S, V, W>.Width;
        for (var panel = first; panel < last; panel++)
        {
            var source = weights.Panel(panel);
            var target = output + panel * E.Width;
            for (var k = 0; k < weights.Inputs; k += DepthBlock)
            {
                var depth = Math.Min(DepthBlock, weights.Inputs - k);
                var block = source + (long)k * width * W.Bytes;
                var start = k == 0 ? weights.Bias(panel) : partial;
                var startStride = k == 0 ? 0 : width;
                if (k + depth == weights.Inputs) Rows<E>(input + k, inputStride, rows, block, depth, start, startStride, target, outputStride);
                else Rows<Assign<S, V>>(input + k, inputStride, rows, block, depth, start, startStride, partial, width);
            }
        }
    }

    private static void Rows<E>(
        float* input, int inputStride, int rows, byte* panel, int depth, float* start, int startStride, float* output, int outputStride)
        where E : struct, IEpilogue<S, V>
    {
        // The next block of weights begins where this one ends; the tiles divide it among them and ask for their parts line by line.
        // Asking for all at once would keep the tile's own loads waiting.
        var tiles = (rows + S.TileRows - 1) / S.TileRows;
        var next = panel + (long)depth * 4 * S.Lanes * W.Bytes;
        var step = 4 * S.Lanes * W.Bytes / tiles;
        for (var row = 0; row < rows;)
        {
            float* x = input + (long)row * inputStride, from = start + (long)row * startStride, to = output + (long)row * outputStride;
            var left = rows - row;
            if (left >= 6 && S.TileRows >= 6)
            {
                Six<E>(x, inputStride, panel, depth, from, startStride, to, outputStride, next, step);
                row += 6;
            }
            else if (left >= 2)
            {
                Two<E>(x, inputStride, panel, depth, from, startStride, to, outputStride, next, step);
                row += 2;
            }
            else
            {
                One<E>(x, panel, depth, from, to, next, step);
                row++;
            }
            next += (long)step * depth;
        }
    }

    private static void Six<E>(float* input, int stride, byte* panel, int depth, float* start, int startStride, float* output, int outputStride,
        byte* next, int step)
        where E : struct, IEpilogue<S, V>
    {
        float* x0 = input, x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, x4 = x3 + stride, x5 = x4 + stride;
        var r0 = new Sums(start);
        var r1 = new Sums(start + startStride);
        var r2 = new Sums(start + 2 * startStride);
        var r3 = new Sums(start + 3 * startStride);
        var r4 = new Sums(start + 4 * startStride);
        var r5 = new Sums(start + 5 * startStride);
        for (var k = 0; k < depth; k++)
        {
            W.LoadPair<S, V>(panel, out var a, out var b);
            W.LoadPair<S, V>(panel + 2 * S.Lanes * W.Bytes, out var c, out var d);
            panel += 4 * S.Lanes * W.Bytes;
            Prefetch.Far(next);
            next += step;
            r0.Add(S.Broadcast(x0[k]), a, b, c, d);
            r1.Add(S.Broadcast(x1[k]), a, b, c, d);
            r2.Add(S.Broadcast(x2[k]), a, b, c, d);
            r3.Add(S.Broadcast(x3[k]), a, b, c, d);
            r4.Add(S.Broadcast(x4[k]), a, b, c, d);
            r5.Add(S.Broadcast(x5[k]), a, b, c, d);
        }
        r0.Store<E>(output);
        r1.Store<E>(output + outputStride);
        r2.Store<E>(output + 2 * outputStride);
        r3.Store<E>(output + 3 * outputStride);
        r4.Store<E>(output + 4 * outputStride);
        r5.Store<E>(output + 5 * outputStride);
    }

    private static void Two<E>(float* input, int stride, byte* panel, int depth, float* start, int startStride, float* output, int outputStride,
        byte* next, int step)
        where E : struct, IEpilogue<S, V>
    {
        float* x0 = input, x1 = x0 + stride;
        var r0 = new Sums(start);
        var r1 = new Sums(start + startStride);
        for (var k = 0; k < depth; k++)
        {
            W.LoadPair<S, V>(panel, out var a, out var b);
            W.LoadPair<S, V>(panel + 2 * S.Lanes * W.Bytes, out var c, out var d);
            panel += 4 * S.Lanes * W.Bytes;
            Prefetch.Far(next);
            next += step;
            r0.Add(S.Broadcast(x0[k]), a, b, c, d);
            r1.Add(S.Broadcast(x1[k]), a, b, c, d);
        }
        r0.Store<E>(output);
        r1.Store<E>(output + outputStride);
    }

    private static void One<E>(float* input, byte* panel, int depth, float* start, float* output, byte* next, int step)
        where E : struct, IEpilogue<S, V>
    {
        var sums = new Sums(start);
        for (var k = 0; k < depth; k++)
        {
            W.LoadPair<S, V>(panel, out var a, out var b);
            W.LoadPair<S, V>(panel + 2 * S.Lanes * W.Bytes, out var c, out var d);
            panel += 4 * S.Lanes * W.Bytes;
            Prefetch.Far(next);
            next += step;
            sums.Add(S.Broadcast(input[k]), a, b, c, d);
        }
        sums.Store<E>(output);
    }

    /// <summary>One row's sums over a panel, in four registers.</summary>
    private struct Sums
    {
        private V _a, _b, _c, _d;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Sums(float* start)
        {
            _a = S.Load(start);
            _b = S.Load(start + S.Lanes);
            _c = S.Load(start + 2 * S.Lanes);
            _d = S.Load(start + 3 * S.Lanes);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(V x, V a, V b, V c, V d)
        {
            _a = S.MultiplyAdd(x, a, _a);
            _b = S.MultiplyAdd(x, b, _b);
            _c = S.MultiplyAdd(x, c, _c);
            _d = S.MultiplyAdd(x, d, _d);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store<E>(float* target)
            where E : struct, IEpilogue<S, V> => E.Store(target, _a, _b, _c, _d);
    }
}
