using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>
/// Sequences laid end to end without padding: N tokens in all. Linear layers and norms see (N, D); only attention sees rows.
/// </summary>
public sealed class PackedSequences : IDisposable
{
    public PackedSequences(IReadOnlyList<int[]> sequences, Device device)
    {
        if (sequences.Count == 0 || sequences.Any(sequence => sequence.Length == 0))
        {
            throw new ArgumentException("A pack holds at least one sequence, and no empty one.", nameof(sequences));
        }
        Lengths = [.. sequences.Select(sequence => sequence.Length)];
        Longest = Lengths.Max();
        Starts = new int[Lengths.Length];
        for (var i = 1; i < Starts.Length; i++) Starts[i] = Starts[i - 1] + Lengths[i - 1];
        var total = Starts[^1] + Lengths[^1];

        var (ids, positions, slots, sources) = (new long[total], new long[total], new long[total], new long[Lengths.Length * Longest]);
        for (var row = 0; row < Lengths.Length; row++)
        {
            for (var t = 0; t < Lengths[row]; t++)
            {
                var token = Starts[row] + t;
                ids[token] = sequences[row][t];
                positions[token] = t;
                slots[token] = (long)row * Longest + t;
                sources[slots[token]] = token;
            }
        }
        Ids = ToTensor(ids, device);
        Positions = ToTensor(positions, device);
        RowSlots = ToTensor(slots, device);
        RowSources = ToTensor(sources, device);
    }

    /// <summary>Tokens of each sequence.</summary>
    public int[] Lengths { get; }

    /// <summary>Index of each sequence's first token.</summary>
    public int[] Starts { get; }

    public int Longest { get; }

    public int Sequences => Lengths.Length;

    /// <summary>(N) token ids.</summary>
    public Tensor Ids { get; }

    /// <summary>(N) positions within the sequence.</summary>
    public Tensor Positions { get; }

    /// <summary>(N) where each token stands in rows padded to <see cref="Longest"/>.</summary>
    internal Tensor RowSlots { get; }

    /// <summary>(sequences × longest) which token fills each place of the padded rows; token 0 at padding.</summary>
    internal Tensor RowSources { get; }

    internal bool IsRectangular => Lengths.All(length => length == Longest);

    public void Dispose()
    {
        Ids.Dispose();
        Positions.Dispose();
        RowSlots.Dispose();
        RowSources.Dispose();
    }

    private static Tensor ToTensor(long[] values, Device device) => tensor(values, device: device).DetachFromDisposeScope();
}
