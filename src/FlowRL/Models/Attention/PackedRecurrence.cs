using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models.Attention;

/// <summary>
/// What mixes the tokens of packed sequences where it is not attention, with gradient; and what it leaves for those that continue them. Legend: N tokens, S
/// sequences, L taps.
/// </summary>
internal sealed class PackedRecurrence(PackedSequences pack, PaddedRows padded) : IDisposable
{
    private readonly Dictionary<int, Tensor> _before = []; // by how many tokens before: (N) which token that is, N for none

    /// <summary>A convolution of each channel by itself: the last tap is the present token's.</summary>
    /// <param name="x">(N, channels).</param>
    /// <param name="taps">(channels, L).</param>
    public Tensor Convolve(Tensor x, Tensor taps)
    {
        using var scope = NewDisposeScope();
        var count = taps.shape[1];
        var all = cat([x, zeros_like(x.narrow(0, 0, 1))], 0);
        var sum = x * taps.select(1, count - 1);
        for (var back = 1; back < count; back++)
            sum = sum.Plus(all.index_select(0, Before(back)) * taps.select(1, count - 1 - back));
        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>(S, L − 1, channels): the last inputs of each sequence, from the oldest on, zeros before its first.</summary>
    public Tensor LastInputs(Tensor x, int count)
    {
        using var scope = NewDisposeScope();
        var all = cat([x, zeros_like(x.narrow(0, 0, 1))], 0);
        var places = Enumerable.Range(0, pack.Sequences).SelectMany(sequence => Enumerable.Range(pack.Length(sequence) - count, count)
            .Select(position => position < 0 ? x.shape[0] : pack.Token(sequence, position))).ToArray();
        return all.index_select(0, tensor(places, device: x.device)).view(pack.Sequences, count, x.shape[1]).MoveToOuterDisposeScope();
    }

    /// <summary>What the delta rule reads, (N, H, dv), and each sequence's matrices after its last token.</summary>
    public (Tensor Read, Tensor State) Recur(DeltaInputs inputs)
    {
        var rows = inputs.Select(padded.Spread);
        // Padding neither decays nor writes, so that a row's last state is that of its last token.
        rows = rows with { Decay = rows.Decay * padded.Real, Strength = rows.Strength * padded.Real };
        var (heads, keys, values) = (inputs.Key.shape[1], inputs.Key.shape[2], inputs.Value.shape[2]);
        var (read, state) = DeltaRule.Run(rows, zeros(pack.Sequences, heads, keys, values, device: inputs.Key.device));
        return (padded.Gather(read), state);
    }

    public void Dispose()
    {
        foreach (var places in _before.Values) places.Dispose();
    }

    private Tensor Before(int back)
    {
        if (_before.TryGetValue(back, out var known)) return known;
        var tokens = pack.Ids.shape[0];
        var places = new long[tokens];
        for (var sequence = 0; sequence < pack.Sequences; sequence++)
        {
            for (var position = 0; position < pack.Length(sequence); position++)
                places[pack.Token(sequence, position)] = position < back ? tokens : pack.Token(sequence, position - back);
        }
        return _before[back] = tensor(places, device: pack.Ids.device).DetachFromDisposeScope();
    }
}
