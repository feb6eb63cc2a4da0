using System.Runtime.Intrinsics;

namespace FlowRL.Numerics;

/// <summary>
/// The few vector operations that the kernels are written in, for one register width. A kernel is generic over it, so that one text
/// becomes 512, 256 and 128 bit code; the just-in-time compiler sees through to the instructions.
/// </summary>
/// <typeparam name="V">A register of fp32 lanes.</typeparam>
internal unsafe interface ISimd<V>
    where V : struct
{
    /// <summary>fp32 lanes of a register.</summary>
    static abstract int Lanes { get; }

    /// <summary>Rows of a matrix-product tile: four columns of registers and this many rows of sums fit into the register file.</summary>
    static abstract int TileRows { get; }

    static abstract V Load(float* source);

    static abstract void Store(float* target, V value);

    static abstract V Broadcast(float value);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V Multiply(V a, V b);

    static abstract V Divide(V a, V b);

    static abstract V Max(V a, V b);

    /// <summary>a·b + c, rounded once where the machine can.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    static abstract V SquareRoot(V a);

    static abstract V Round(V a);

    /// <summary>2ⁿ for whole n in [−126, 127].</summary>
    static abstract V PowerOfTwo(V n);

    static abstract float Sum(V a);

    /// <summary>The sums of four registers, side by side: a third of the work of four sums.</summary>
    static abstract Vector128<float> Sums(V a, V b, V c, V d);

    static abstract float Largest(V a);

    /// <summary>The low half of each 32-bit lane, a BF16 number, as fp32.</summary>
    static abstract V LowHalves(V words);

    /// <summary>The high half of each 32-bit lane, a BF16 number, as fp32.</summary>
    static abstract V HighHalves(V words);

    /// <summary>Both rounded to BF16 (to nearest, ties to even), <paramref name="low"/> in the low halves.</summary>
    static abstract V PackHalves(V low, V high);
}
