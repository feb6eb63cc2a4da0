using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FlowRL.Numerics.Products;

/// <summary>Lays rows of a matrix (O, K) out as a panel: for each k the numbers of all rows, zeros where there are no more.</summary>
internal readonly unsafe struct PackTransposed(float* source, int rows, int depth, float* panel) : IVectorKernel
{
    // A line of each row at a time: one number of each would touch as many lines as there are rows again and again.
    private const int LineNumbers = 16;

    public void Run<S, V>()
        where S : struct, ISimd<V>
        where V : struct
    {
        var width = DenseTile.WidthOf(rows, S.Lanes);
        for (var first = 0; first < depth; first += LineNumbers)
        {
            var count = Math.Min(LineNumbers, depth - first);
            for (var i = 0; i < width; i += 4)
            {
                float* from = source + (long)i * depth + first, to = panel + (long)first * width + i;
                var k = 0;
                if (i + 4 <= rows)
                {
                    for (; k + 4 <= count; k += 4) Transpose(from + k, depth, to + k * width, width);
                }
                for (; k < count; k++)
                {
                    for (var j = 0; j < 4; j++) to[k * width + j] = i + j < rows ? from[(long)j * depth + k] : 0;
                }
            }
        }
    }

    /// <summary>Four rows of four numbers become four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(float* from, long fromRow, float* to, long toRow)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + fromRow);
        Vector128<float> c = Vector128.Load(from + 2 * fromRow), d = Vector128.Load(from + 3 * fromRow);
        Vector128<float> ac = Low(a, c), ca = High(a, c), bd = Low(b, d), db = High(b, d);
        Low(ac, bd).Store(to);
        High(ac, bd).Store(to + toRow);
        Low(ca, db).Store(to + 2 * toRow);
        High(ca, db).Store(to + 3 * toRow);
    }

    /// <summary>a₀ b₀ a₁ b₁.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>a₂ b₂ a₃ b₃.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
