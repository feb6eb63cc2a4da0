using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

/// <summary>What happens to a row of four finished sums while they are in registers.</summary>
internal unsafe interface IEpilogue<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    /// <summary>Numbers that one panel leaves in an output row.</summary>
    static abstract int Width { get; }

    static abstract void Store(float* target, V a, V b, V c, V d);
}
