namespace FlowRL.Checkpoints.Gguf.Blocks;

/// <summary>Turns the bytes of one block into its numbers.</summary>
internal delegate void BlockReader(ReadOnlySpan<byte> block, Span<float> values);

/// <summary>Turns numbers into the bytes of one block.</summary>
internal delegate void BlockWriter(ReadOnlySpan<float> values, Span<byte> block);

/// <summary>One of the ways in which a GGUF file stores numbers: so many to a block of so many bytes, little-endian.</summary>
/// <param name="Name">What ggml calls it.</param>
/// <param name="Id">Its number in files.</param>
/// <param name="Length">Numbers a block.</param>
/// <param name="Bytes">Bytes a block.</param>
internal sealed record BlockFormat(string Name, uint Id, int Length, int Bytes)
{
    /// <summary>Null for a format of which only the size is known.</summary>
    public BlockReader? Read { get; init; }

    /// <summary>Null where nothing here writes it.</summary>
    public BlockWriter? Write { get; init; }

    /// <summary>What a big-endian file turns round in a block: words of several bytes, by where they begin and how long they are.</summary>
    public IReadOnlyList<(int Start, int Bytes)> Words { get; init; } = [];

    /// <summary>Whether a scale stands for several numbers.</summary>
    public bool IsQuantised => Length > 1;

    /// <summary>Bytes of a row; the row must be whole blocks.</summary>
    public long RowBytes(long numbers) => numbers / Length * Bytes;

    /// <summary>Whether a row of so many numbers can be stored so.</summary>
    public bool Fits(long row) => row % Length == 0;

    /// <summary>Reads whole blocks.</summary>
    /// <param name="data">As the file has them; turned round in place where it is big-endian.</param>
    /// <param name="values">As many as the blocks hold.</param>
    /// <param name="bigEndian">Whether the file is.</param>
    public void ReadAll(Span<byte> data, Span<float> values, bool bigEndian)
    {
        for (var (at, to) = (0, 0); to < values.Length; at += Bytes, to += Length)
        {
            var block = data.Slice(at, Bytes);
            if (bigEndian)
                foreach (var (start, bytes) in Words) block.Slice(start, bytes).Reverse();
            Read!(block, values.Slice(to, Length));
        }
    }

    /// <summary>Writes whole blocks.</summary>
    public void WriteAll(ReadOnlySpan<float> values, Span<byte> data)
    {
        for (var (from, at) = (0, 0); from < values.Length; from += Length, at += Bytes)
            Write!(values.Slice(from, Length), data.Slice(at, Bytes));
    }
}
