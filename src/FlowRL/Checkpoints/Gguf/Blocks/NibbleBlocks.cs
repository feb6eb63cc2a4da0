using static System.Buffers.Binary.BinaryPrimitives;

namespace FlowRL.Checkpoints.Gguf.Blocks;

/// <summary>
/// Q4_0, Q4_1, Q5_0 and Q5_1: 32 numbers as whole numbers of 4 or 5 bits times a scale. The low nibbles of 16 bytes are the first half of the
/// block, the high ones the second; fifth bits stand together in a word. The _0 formats count from a middle, the _1 formats from a stored minimum.
/// </summary>
internal static class NibbleBlocks
{
    private const int Half = 16;

    public static void ReadQ4_0(ReadOnlySpan<byte> block, Span<float> values) => ReadCentred(block, block[2..], 0, 8, values);

    public static void ReadQ5_0(ReadOnlySpan<byte> block, Span<float> values) =>
        ReadCentred(block, block[6..], ReadUInt32LittleEndian(block[2..]), 16, values);

    public static void ReadQ4_1(ReadOnlySpan<byte> block, Span<float> values) => ReadFromMinimum(block, block[4..], 0, values);

    public static void ReadQ5_1(ReadOnlySpan<byte> block, Span<float> values) =>
        ReadFromMinimum(block, block[8..], ReadUInt32LittleEndian(block[4..]), values);

    public static void WriteQ4_0(ReadOnlySpan<float> values, Span<byte> block) => WriteCentred(values, 8, block, block[2..]);

    public static void WriteQ5_0(ReadOnlySpan<float> values, Span<byte> block) =>
        WriteUInt32LittleEndian(block[2..], WriteCentred(values, 16, block, block[6..]));

    public static void WriteQ4_1(ReadOnlySpan<float> values, Span<byte> block) => WriteFromMinimum(values, 15, block, block[4..]);

    public static void WriteQ5_1(ReadOnlySpan<float> values, Span<byte> block) =>
        WriteUInt32LittleEndian(block[4..], WriteFromMinimum(values, 31, block, block[8..]));

    private static void ReadCentred(ReadOnlySpan<byte> head, ReadOnlySpan<byte> nibbles, uint fifths, int middle, Span<float> values)
    {
        var scale = PlainBlocks.Half(head);
        for (var i = 0; i < Half; i++)
        {
            values[i] = scale * (First(nibbles, fifths, i) - middle);
            values[i + Half] = scale * (Second(nibbles, fifths, i) - middle);
        }
    }

    private static void ReadFromMinimum(ReadOnlySpan<byte> head, ReadOnlySpan<byte> nibbles, uint fifths, Span<float> values)
    {
        var (scale, minimum) = (PlainBlocks.Half(head), PlainBlocks.Half(head[2..]));
        for (var i = 0; i < Half; i++)
        {
            values[i] = scale * First(nibbles, fifths, i) + minimum;
            values[i + Half] = scale * Second(nibbles, fifths, i) + minimum;
        }
    }

    private static int First(ReadOnlySpan<byte> nibbles, uint fifths, int i) => (nibbles[i] & 15) | ((int)((fifths >> i) & 1) << 4);

    private static int Second(ReadOnlySpan<byte> nibbles, uint fifths, int i) => (nibbles[i] >> 4) | ((int)((fifths >> (i + Half)) & 1) << 4);

    /// <summary>The number of the largest magnitude becomes 0, which is −middle: its sign decides that of the scale.</summary>
    /// <returns>The fifth bits.</returns>
    private static uint WriteCentred(ReadOnlySpan<float> values, int middle, Span<byte> head, Span<byte> nibbles)
    {
        var extreme = 0f;
        foreach (var value in values)
            if (MathF.Abs(value) > MathF.Abs(extreme)) extreme = value;
        var scale = extreme / -middle;
        var inverse = scale == 0 ? 0 : 1 / scale;
        WriteHalfLittleEndian(head, (System.Half)scale);
        Span<int> numbers = stackalloc int[2 * Half];
        // ggml's compiled code rounds once here: product and sum are fused.
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = Math.Min(2 * middle - 1, (int)MathF.FusedMultiplyAdd(values[i], inverse, middle + 0.5f));
        return Pack(numbers, nibbles);
    }

    /// <summary>The smallest number becomes 0, the largest the highest.</summary>
    /// <returns>The fifth bits.</returns>
    private static uint WriteFromMinimum(ReadOnlySpan<float> values, int highest, Span<byte> head, Span<byte> nibbles)
    {
        var (minimum, maximum) = (float.MaxValue, -float.MaxValue);
        foreach (var value in values) (minimum, maximum) = (MathF.Min(minimum, value), MathF.Max(maximum, value));
        var scale = (maximum - minimum) / highest;
        var inverse = scale == 0 ? 0 : 1 / scale;
        WriteHalfLittleEndian(head, (System.Half)scale);
        WriteHalfLittleEndian(head[2..], (System.Half)minimum);
        Span<int> numbers = stackalloc int[2 * Half];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = Math.Min(highest, (int)((values[i] - minimum) * inverse + 0.5f));
        return Pack(numbers, nibbles);
    }

    /// <summary>Writes the low four bits of each number and gives the fifth bits.</summary>
    private static uint Pack(ReadOnlySpan<int> numbers, Span<byte> nibbles)
    {
        var fifths = 0u;
        for (var i = 0; i < Half; i++)
        {
            var (first, second) = (numbers[i], numbers[i + Half]);
            nibbles[i] = (byte)((first & 15) | ((second & 15) << 4));
            fifths |= ((uint)first >> 4 << i) | ((uint)second >> 4 << (i + Half));
        }
        return fifths;
    }
}
