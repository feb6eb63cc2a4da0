namespace FlowRL.Checkpoints.Gguf.Blocks;

/// <summary>Every block format that ggml has a number for: those that can be read, and the sizes of the others, so that their files can be checked.</summary>
internal static class BlockFormats
{
    public static BlockFormat F32 { get; } = new("F32", 0, 1, 4) { Read = PlainBlocks.ReadF32, Write = PlainBlocks.WriteF32, Words = [(0, 4)] };

    public static BlockFormat F16 { get; } = new("F16", 1, 1, 2) { Read = PlainBlocks.ReadF16, Write = PlainBlocks.WriteF16, Words = [(0, 2)] };

    public static BlockFormat BF16 { get; } = new("BF16", 30, 1, 2) { Read = PlainBlocks.ReadBF16, Write = PlainBlocks.WriteBF16, Words = [(0, 2)] };

    public static BlockFormat Q8_0 { get; } = new("Q8_0", 8, 32, 34) { Read = ByteBlocks.ReadQ8_0, Write = ByteBlocks.WriteQ8_0, Words = [(0, 2)] };

    public static BlockFormat Q4_0 { get; } = new("Q4_0", 2, 32, 18) { Read = NibbleBlocks.ReadQ4_0, Write = NibbleBlocks.WriteQ4_0, Words = [(0, 2)] };

    public static BlockFormat Q4_1 { get; } =
        new("Q4_1", 3, 32, 20) { Read = NibbleBlocks.ReadQ4_1, Write = NibbleBlocks.WriteQ4_1, Words = [(0, 2), (2, 2)] };

    public static BlockFormat Q5_0 { get; } = new("Q5_0", 6, 32, 22) { Read = NibbleBlocks.ReadQ5_0, Write = NibbleBlocks.WriteQ5_0, Words = [(0, 2)] };

    public static BlockFormat Q5_1 { get; } =
        new("Q5_1", 7, 32, 24) { Read = NibbleBlocks.ReadQ5_1, Write = NibbleBlocks.WriteQ5_1, Words = [(0, 2), (2, 2)] };

    /// <summary>By number.</summary>
    private static readonly Dictionary<uint, BlockFormat> ById = new BlockFormat[]
    {
        F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1,
        new("Q2_K", 10, 256, 84) { Read = SuperBlocks.ReadQ2_K, Words = [(80, 2), (82, 2)] },
        new("Q3_K", 11, 256, 110) { Read = SuperBlocks.ReadQ3_K, Words = [(108, 2)] },
        new("Q4_K", 12, 256, 144) { Read = SuperBlocks.ReadQ4_K, Words = [(0, 2), (2, 2)] },
        new("Q5_K", 13, 256, 176) { Read = SuperBlocks.ReadQ5_K, Words = [(0, 2), (2, 2)] },
        new("Q6_K", 14, 256, 210) { Read = SuperBlocks.ReadQ6_K, Words = [(208, 2)] },
        new("MXFP4", 39, 32, 17) { Read = MicroBlocks.ReadMxfp4 },
        new("Q8_1", 9, 32, 36), new("Q8_K", 15, 256, 292),
        new("IQ2_XXS", 16, 256, 66), new("IQ2_XS", 17, 256, 74), new("IQ3_XXS", 18, 256, 98), new("IQ1_S", 19, 256, 50), new("IQ4_NL", 20, 32, 18),
        new("IQ3_S", 21, 256, 110), new("IQ2_S", 22, 256, 82), new("IQ4_XS", 23, 256, 136), new("IQ1_M", 29, 256, 56),
        new("TQ1_0", 34, 256, 54), new("TQ2_0", 35, 256, 66), new("NVFP4", 40, 64, 36),
        new("I8", 24, 1, 1), new("I16", 25, 1, 2), new("I32", 26, 1, 4), new("I64", 27, 1, 8), new("F64", 28, 1, 8),
    }.ToDictionary(format => format.Id);

    /// <summary>Those that can be read, as a sentence has them.</summary>
    public static string Readable { get; } = string.Join(", ", ById.Values.Where(format => format.Read is not null).Select(format => format.Name));

    /// <summary>Null where ggml has no format of this number, or one that is newer than this list.</summary>
    public static BlockFormat? Find(uint id) => ById.GetValueOrDefault(id);
}
