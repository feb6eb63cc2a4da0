
namespace FlowRL.Checkpoints.Gguf.Blocks;

/// <summary>
/// Q2_K to Q6_K: 256 numbers as sub-blocks of 16 or 32 whose scales are whole numbers themselves, times one half-precision scale of the block; some
/// have minima of the same kind.
/// </summary>
internal static class SuperBlocks
{
    private const int Length = 256;

    /// <summary>Scales (low nibble) and minima (high nibble) 16, numbers 64 (four to a byte), scale, scale of the minima.</summary>
    public static void ReadQ2_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scales = block[..16];
        var numbers = block.Slice(16, 64);
        var (scale, least) = (PlainBlocks.Half(block[80..]), PlainBlocks.Half(block[82..]));
        for (var i = 0; i < Length; i++)
        {
            var sub = scales[i / 16];
            values[i] = scale * (sub & 15) * Pair(numbers, i) - least * (sub >> 4);
        }
    }

    /// <summary>Third bits 32 (their absence takes 4 off), numbers 64 (four to a byte), scales 12 (six bits each), scale.</summary>
    public static void ReadQ3_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var thirds = block[..32];
        var numbers = block.Slice(32, 64);
        var scales = block.Slice(96, 12);
        var scale = PlainBlocks.Half(block[108..]);
        for (var i = 0; i < Length; i++)
        {
            var sub = i / 16;
            var low = (scales[sub % 8] >> (sub < 8 ? 0 : 4)) & 15;
            var high = (scales[8 + sub % 4] >> (2 * (sub / 4))) & 3;
            var missing = (thirds[i % 32] >> (i / 32)) & 1;
            values[i] = scale * ((low | (high << 4)) - 32) * (Pair(numbers, i) - (missing == 0 ? 4 : 0));
        }
    }

    /// <summary>Scale, scale of the minima, scales and minima 12 (six bits each), numbers 128.</summary>
    public static void ReadQ4_K(ReadOnlySpan<byte> block, Span<float> values) => ReadNibbles(block, [], block.Slice(16, 128), values);

    /// <summary>As Q4_K, with fifth bits 32 before the numbers.</summary>
    public static void ReadQ5_K(ReadOnlySpan<byte> block, Span<float> values) => ReadNibbles(block, block.Slice(16, 32), block.Slice(48, 128), values);

    /// <summary>Low nibbles 128, upper pairs of bits 64, scales 16 (signed bytes), scale.</summary>
    public static void ReadQ6_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var lows = block[..128];
        var highs = block.Slice(128, 64);
        var scales = block.Slice(192, 16);
        var scale = PlainBlocks.Half(block[208..]);
        for (var i = 0; i < Length; i++)
        {
            // Of each half of 128: four runs of 32, whose low nibbles share 64 bytes and whose upper bits 32.
            var (half, run, place) = (i / 128, i / 32 % 4, i % 32);
            var low = (lows[64 * half + 32 * (run % 2) + place] >> (run < 2 ? 0 : 4)) & 15;
            var high = (highs[32 * half + place] >> (2 * run)) & 3;
            values[i] = scale * (sbyte)scales[i / 16] * ((low | (high << 4)) - 32);
        }
    }

    /// <summary>Runs of 64: the low nibbles of 32 bytes, then their high ones; eight sub-blocks of 32 with a scale and a minimum.</summary>
    private static void ReadNibbles(ReadOnlySpan<byte> head, ReadOnlySpan<byte> fifths, ReadOnlySpan<byte> nibbles, Span<float> values)
    {
        var (scale, least) = (PlainBlocks.Half(head), PlainBlocks.Half(head[2..]));
        var packed = head.Slice(4, 12);
        for (var sub = 0; sub < 8; sub++)
        {
            var (factor, minimum) = SixBits(packed, sub);
            var (size, offset) = (scale * factor, least * minimum);
            for (var i = 0; i < 32; i++)
            {
                var number = (nibbles[32 * (sub / 2) + i] >> (sub % 2 == 0 ? 0 : 4)) & 15;
                if (!fifths.IsEmpty) number |= ((fifths[i] >> sub) & 1) << 4;
                values[32 * sub + i] = size * number - offset;
            }
        }
    }

    /// <summary>Scale and minimum of a sub-block, of eight each in 12 bytes: the last four have their upper two bits above those of the first four.</summary>
    private static (int Scale, int Minimum) SixBits(ReadOnlySpan<byte> packed, int sub) => sub < 4
        ? (packed[sub] & 63, packed[sub + 4] & 63)
        : ((packed[sub + 4] & 15) | (packed[sub - 4] >> 6 << 4), (packed[sub + 4] >> 4) | (packed[sub] >> 6 << 4));

    /// <summary>Two bits of four to a byte: each half of 128 takes 32 bytes, a run of 32 the same two bits of all of them.</summary>
    private static int Pair(ReadOnlySpan<byte> numbers, int i) => (numbers[32 * (i / 128) + i % 32] >> (2 * (i / 32 % 4))) & 3;
}
