using static TorchSharp.torch;

namespace FlowRL.Models.Attention;

/// <summary>
/// Causal attention within each packed sequence, with gradient: by our own kernels where they apply. Else rows are padded on the right
/// for the tensor library's kernel; causality keeps real queries from padded keys, and padded queries are dropped.
/// </summary>
internal sealed class PackedAttention(PackedSequences pack) : IAttention, IDisposable
{
    private Tensor? _sources; // (rows × longest) which token fills each place of the padded rows; token 0 at padding
    private Tensor? _slots;   // (N) a place of the padded rows where each token stands
    private readonly Dictionary<int, Tensor> _masks = []; // (longest, longest) by window

    public Tensor Positions => pack.Positions;

    public Tensor Attend(LayerAttention layer, Tensor q, Tensor k, Tensor v)
    {
        if (FusedAttention.Fits(q)) return FusedAttention.Apply(q, k, v, pack, layer.Rule, layer.Sinks);
        return AttendPlainly(layer, q, k, v);
    }

    internal Tensor AttendPlainly(LayerAttention layer, Tensor q, Tensor k, Tensor v)
    {
        if (_sources is null) (_sources, _slots) = Layout();
        using var scope = NewDisposeScope();
        var groups = q.shape[1] / k.shape[1];
        var (queries, keys, values) = (Rows(q), Heads(Rows(k), groups), Heads(Rows(v), groups));
        // A causal mask that is not written down lets the library choose its fastest kernel.
        var rows = layer.Rule == AttentionRule.Plain
            ? nn.functional.scaled_dot_product_attention(queries, keys, values, is_casual: true)
            : PlainAttention.Attend(layer.Rule, queries, keys, values, Mask(layer.Rule), layer.Sinks?.unsqueeze(1));
        return rows.transpose(1, 2).reshape((long)pack.Sequences * pack.Longest, -1).index_select(0, _slots!).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _sources?.Dispose();
        _slots?.Dispose();
        foreach (var mask in _masks.Values) mask.Dispose();
    }

    private Tensor Mask(AttentionRule rule)
    {
        var window = rule.WindowWithin(pack.Longest) ?? pack.Longest;
        if (!_masks.TryGetValue(window, out var mask)) _masks[window] = mask = PlainAttention.CausalMask(rule, pack.Longest, pack.Ids.device);
        return mask;
    }

    /// <summary>(N, H, Dh) to (rows, H, longest, Dh).</summary>
    private Tensor Rows(Tensor tokens) =>
        tokens.index_select(0, _sources!).view(pack.Sequences, pack.Longest, tokens.shape[1], tokens.shape[2]).transpose(1, 2);

    // The fused kernel knows no grouped-query attention: each key head is repeated for its queries.
    private static Tensor Heads(Tensor rows, long groups) => groups == 1 ? rows : rows.repeat_interleave(groups, 1);

    private (Tensor Sources, Tensor Slots) Layout()
    {
        var (sources, slots) = (new long[pack.Sequences * pack.Longest], new long[pack.Ids.shape[0]]);
        for (var row = 0; row < pack.Sequences; row++)
        {
            for (var t = 0; t < pack.Length(row); t++)
            {
                var place = (long)row * pack.Longest + t;
                sources[place] = pack.Token(row, t);
                slots[sources[place]] = place;
            }
        }
        var device = pack.Ids.device;
        return (tensor(sources, device: device).DetachFromDisposeScope(), tensor(slots, device: device).DetachFromDisposeScope());
    }
}
