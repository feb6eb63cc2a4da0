using static System.Buffers.Binary.BinaryPrimitives;

namespace FlowRL.Checkpoints.Gguf.Blocks;

/// <summary>Q8_0: 32 numbers as a half-precision scale and a signed byte each.</summary>
internal static class ByteBlocks
{
    public static void ReadQ8_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = PlainBlocks.Half(block);
        for (var i = 0; i < values.Length; i++) values[i] = scale * (sbyte)block[2 + i];
    }

    /// <summary>The largest magnitude becomes 127; numbers are divided by the scale as it was before it was stored.</summary>
    public static void WriteQ8_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        var largest = 0f;
        foreach (var value in values) largest = MathF.Max(largest, MathF.Abs(value));
        var scale = largest / 127;
        var inverse = scale == 0 ? 0 : 1 / scale;
        WriteHalfLittleEndian(block, (Half)scale);
        for (var i = 0; i < values.Length; i++)
            block[2 + i] = (byte)(sbyte)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero);
    }
}
