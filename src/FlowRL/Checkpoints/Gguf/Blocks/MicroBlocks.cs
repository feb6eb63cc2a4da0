namespace FlowRL.Checkpoints.Gguf.Blocks;

/// <summary>
/// Floats of four bits, 32 to a scale that is a power of two (OCP Microscaling Formats, MXFP4): what gpt-oss is published in.
/// </summary>
internal static class MicroBlocks
{
    // Of a number's two bits of exponent and one of mantissa; twice the value, so that all are whole.
    private static readonly int[] Doubled = [0, 1, 2, 3, 4, 6, 8, 12];

    private const uint Sign = 1u << 31;
    private const double LeastNormal = 1.17549435082228751e-38;

    /// <summary>The scale's exponent, then the low half of each byte, then the high halves.</summary>
    public static void ReadMxfp4(ReadOnlySpan<byte> block, Span<float> values)
    {
        for (var i = 0; i < 16; i++)
        {
            values[i] = Value(block[1 + i] & 15, block[0]);
            values[i + 16] = Value(block[1 + i] >> 4, block[0]);
        }
    }

    private static float Value(int bits, int exponent)
    {
        var doubled = Doubled[bits & 7];
        // Half of 2^(exponent - 127) times that.
        var size = Math.ScaleB(doubled, exponent - 128);
        // Processors that libtorch has set take what is below the least normal number for 0 when they compute with it: it is put together.
        var number = size >= LeastNormal ? (float)size : BitConverter.UInt32BitsToSingle((uint)doubled << (21 + exponent));
        return bits < 8 || doubled == 0 ? number : BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(number) | Sign);
    }
}
