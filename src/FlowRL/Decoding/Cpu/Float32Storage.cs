using System.Runtime.CompilerServices;
using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

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
