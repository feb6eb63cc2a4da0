using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FlowRL.Numerics;

/// <summary>Asks for memory that is needed soon. Does nothing where the machine has no such instruction.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Bytes of a cache line.</summary>
    public const int Line = 64;

    /// <summary>Into the nearest cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Near(byte* start, int bytes)
    {
        if (!Sse.IsSupported) return;
        for (var at = 0; at < bytes; at += Line) Sse.Prefetch0(start + at);
    }

    /// <summary>One line, into the core's second cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Far(byte* line)
    {
        if (Sse.IsSupported) Sse.Prefetch1(line);
    }
}
