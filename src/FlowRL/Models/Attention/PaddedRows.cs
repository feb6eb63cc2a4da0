using static TorchSharp.torch;

namespace FlowRL.Models.Attention;

/// <summary>
/// Packed sequences side by side, padded on the right: where each token of the pack stands in S rows of the longest length, and what fills each place. A
/// prefix that sequences share is in each of their rows.
/// </summary>
internal sealed class PaddedRows : IDisposable
{
    private readonly Tensor _sources; // (S × longest) which token fills each place; token 0 at padding
    private readonly Tensor _slots;   // (N) a place where each token stands

    public PaddedRows(PackedSequences pack)
    {
        (Sequences, Longest) = (pack.Sequences, pack.Longest);
        var places = (long)Sequences * Longest;
        var (sources, slots, real) = (new long[places], new long[pack.Ids.shape[0]], new float[places]);
        for (var row = 0; row < Sequences; row++)
        {
            for (var t = 0; t < pack.Length(row); t++)
            {
                var place = (long)row * Longest + t;
                sources[place] = pack.Token(row, t);
                slots[sources[place]] = place;
                real[place] = 1;
            }
        }
        var device = pack.Ids.device;
        _sources = tensor(sources, device: device).DetachFromDisposeScope();
        _slots = tensor(slots, device: device).DetachFromDisposeScope();
        Real = tensor(real, [Sequences, Longest, 1], device: device).DetachFromDisposeScope();
    }

    public long Sequences { get; }

    public long Longest { get; }

    /// <summary>(S, longest, 1): 1 where a token stands, 0 at padding.</summary>
    public Tensor Real { get; }

    /// <summary>(N, ...) to (S, longest, ...).</summary>
    public Tensor Spread(Tensor tokens) => tokens.index_select(0, _sources).view([Sequences, Longest, .. tokens.shape[1..]]);

    /// <summary>(S, longest, ...) to (N, ...).</summary>
    public Tensor Gather(Tensor rows) => rows.reshape([Sequences * Longest, .. rows.shape[2..]]).index_select(0, _slots);

    public void Dispose()
    {
        _sources.Dispose();
        _slots.Dispose();
        Real.Dispose();
    }
}
