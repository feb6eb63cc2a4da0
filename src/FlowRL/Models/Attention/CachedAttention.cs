using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models.Attention;

/// <summary>One new token for each of the rows 0..R-1 of a cache: its key and value are appended, then it attends to its row.</summary>
internal sealed class CachedAttention : IAttention, IDisposable
{
    private readonly KeyValueCache _cache;
    private readonly Tensor _places; // (R) where the new keys go
    private readonly Dictionary<int, Tensor> _masks = []; // (R, 1, 1, longest) by window, 0 or -inf, added to the scores
    private readonly int[] _lengths;
    private readonly int _longest;

    /// <param name="cache">The cache; rows 0..lengths.Length-1 are active.</param>
    /// <param name="lengths">Tokens that each active row already holds.</param>
    /// <param name="device">Where the model is.</param>
    public CachedAttention(KeyValueCache cache, ReadOnlySpan<int> lengths, Device device)
    {
        (_cache, _lengths) = (cache, lengths.ToArray());
        var rows = lengths.Length;
        var (positions, places) = (new long[rows], new long[rows]);
        for (var row = 0; row < rows; row++)
        {
            positions[row] = lengths[row];
            places[row] = (long)row * cache.Context + lengths[row];
            _longest = Math.Max(_longest, lengths[row] + 1);
        }
        Positions = tensor(positions, device: device).DetachFromDisposeScope();
        _places = tensor(places, device: device).DetachFromDisposeScope();
        Reach = full([rows], Scalars.Of((long)cache.Context), ScalarType.Int64, device).DetachFromDisposeScope();
    }

    public Tensor Positions { get; }

    public Tensor Reach { get; }

    public Tensor Attend(LayerAttention layer, Tensor q, Tensor k, Tensor v)
    {
        using var scope = NewDisposeScope();
        var (rows, heads, width) = (q.shape[0], q.shape[1], q.shape[2]);
        _cache.Write(layer.Index, _places, k, v);
        var (keys, values) = _cache.Read(layer.Index, (int)rows, _longest);
        // The queries that share a key head stand side by side as if they were positions: no key is copied.
        var grouped = q.view(rows, keys.shape[1], heads / keys.shape[1], width);
        return PlainAttention.Attend(layer.Rule, grouped, keys, values, Mask(layer.Rule), layer.Sinks?.view(keys.shape[1], -1))
            .reshape(rows, heads * width).MoveToOuterDisposeScope();
    }

    public Tensor Convolve(int layer, Tensor x, Tensor taps)
    {
        using var scope = NewDisposeScope();
        var state = _cache.Recurrent.Inputs(layer).narrow(0, 0, x.shape[0]);         // (R, L - 1, channels)
        var window = cat([state, x.unsqueeze(1)], 1);                                // (R, L, channels)
        state.copy_(window.narrow(1, 1, state.shape[1]));
        return (window * taps.t().unsqueeze(0)).sum([1L]).MoveToOuterDisposeScope();
    }

    public Tensor Recur(int layer, DeltaInputs inputs)
    {
        using var scope = NewDisposeScope();
        var state = _cache.Recurrent.Matrices(layer).narrow(0, 0, inputs.Key.shape[0]);
        var (read, next) = DeltaRule.Run(inputs.Select(tokens => tokens.unsqueeze(1)), state);
        state.copy_(next);
        return read.squeeze(1).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Positions.Dispose();
        Reach.Dispose();
        _places.Dispose();
        foreach (var mask in _masks.Values) mask.Dispose();
    }

    private Tensor Mask(AttentionRule rule)
    {
        var window = rule.WindowWithin(_longest) ?? _longest;
        if (_masks.TryGetValue(window, out var made)) return made;
        return _masks[window] = PlainAttention.Mask(rule, _lengths, _longest, [_lengths.Length, 1, 1, _longest], Positions.device);
    }
}
