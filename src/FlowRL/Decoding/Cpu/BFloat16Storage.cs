using System.Runtime.CompilerServices;
using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

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
