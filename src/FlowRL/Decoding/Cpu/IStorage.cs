using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

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
