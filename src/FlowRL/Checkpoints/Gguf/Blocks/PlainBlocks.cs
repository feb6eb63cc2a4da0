using static System.Buffers.Binary.BinaryPrimitives;

namespace FlowRL.Checkpoints.Gguf.Blocks;

/// <summary>Numbers stored one by one, as IEEE floats of 4 or 2 bytes or the upper half of one of 4. Narrowing rounds to the nearest, ties to even.</summary>
internal static class PlainBlocks
{
    public static void ReadF32(ReadOnlySpan<byte> block, Span<float> values) => values[0] = ReadSingleLittleEndian(block);

    public static void WriteF32(ReadOnlySpan<float> values, Span<byte> block) => WriteSingleLittleEndian(block, values[0]);

    public static void ReadF16(ReadOnlySpan<byte> block, Span<float> values) => values[0] = Half(block);

    public static void WriteF16(ReadOnlySpan<float> values, Span<byte> block) => WriteHalfLittleEndian(block, (Half)values[0]);

    public static void ReadBF16(ReadOnlySpan<byte> block, Span<float> values) =>
        values[0] = BitConverter.UInt32BitsToSingle((uint)ReadUInt16LittleEndian(block) << 16);

    public static void WriteBF16(ReadOnlySpan<float> values, Span<byte> block)
    {
        var bits = BitConverter.SingleToUInt32Bits(values[0]);
        // A NaN must not be rounded into an infinity; it is kept, and made quiet.
        var upper = float.IsNaN(values[0]) ? (bits >> 16) | 0x40 : (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
        WriteUInt16LittleEndian(block, (ushort)upper);
    }

    /// <summary>A scale, as all quantised formats have theirs.</summary>
    public static float Half(ReadOnlySpan<byte> block) => (float)ReadHalfLittleEndian(block);
}
