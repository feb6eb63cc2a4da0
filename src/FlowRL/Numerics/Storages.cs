using System.Runtime.CompilerServices;

namespace FlowRL.Numerics;

/// <summary>How numbers lie in memory that is read far more often than written: weights and the key-value cache.</summary>
/// <remarks>Numbers come in pairs of registers, because two BF16 registers interleaved are one 32-bit load, a shift and a mask.</remarks>
internal unsafe interface IStorage
{
    /// <summary>Bytes a number.</summary>
    static abstract int Bytes { get; }

    /// <summary>Two registers of consecutive numbers.</summary>
    static abstract void LoadPair<S, V>(byte* source, out V first, out V second)
        where S : struct, ISimd<V>
        where V : struct;

    static abstract void StorePair<S, V>(byte* target, V first, V second)
        where S : struct, ISimd<V>
        where V : struct;
}

/// <summary>fp32 as it is.</summary>
internal unsafe struct Float32Storage : IStorage
{
    public static int Bytes => sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPair<S, V>(byte* source, out V first, out V second)
        where S : struct, ISimd<V>
        where V : struct
    {
        first = S.Load((float*)source);
        second = S.Load((float*)source + S.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePair<S, V>(byte* target, V first, V second)
        where S : struct, ISimd<V>
        where V : struct
    {
        S.Store((float*)target, first);
        S.Store((float*)target + S.Lanes, second);
    }
}

/// <summary>BF16, widened to fp32 in registers: half the bytes, and all arithmetic in fp32.</summary>
internal unsafe struct BFloat16Storage : IStorage
{
    public static int Bytes => sizeof(ushort);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPair<S, V>(byte* source, out V first, out V second)
        where S : struct, ISimd<V>
        where V : struct
    {
        var words = S.Load((float*)source);
        first = S.LowHalves(words);
        second = S.HighHalves(words);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePair<S, V>(byte* target, V first, V second)
        where S : struct, ISimd<V>
        where V : struct => S.Store((float*)target, S.PackHalves(first, second));
}
