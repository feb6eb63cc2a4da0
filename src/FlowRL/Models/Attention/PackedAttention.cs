using FlowRL.Models.Layers;
using static TorchSharp.torch;

namespace FlowRL.Models.Attention;

/// <summary>
/// Causal attention within each packed sequence, with gradient: by our own kernels where they apply. Else rows are padded on the right
/// for the tensor library's kernel; causality keeps real queries from padded keys, and padded queries are dropped.
/// </summary>
internal sealed class PackedAttention(PackedSequences pack) : IAttention, IDisposable
{
    private readonly Dictionary<int, Tensor> _masks = []; // (longest, longest) by window
    private PaddedRows? _rows;
    private PackedRecurrence? _recurrence;

    public Tensor Positions => pack.Positions;

    public Tensor Reach => pack.Reach;

    public ExpertBalance? Balance { get; init; }

    /// <summary>What mixes tokens in layers without attention.</summary>
    public PackedRecurrence Recurrence => _recurrence ??= new PackedRecurrence(pack, Rows);

    private PaddedRows Rows => _rows ??= new PaddedRows(pack);

    public Tensor Attend(LayerAttention layer, Tensor q, Tensor k, Tensor v)
    {
        if (FusedAttention.Fits(q)) return FusedAttention.Apply(q, k, v, pack, layer.Rule, layer.Sinks);
        return AttendPlainly(layer, q, k, v);
    }

    internal Tensor AttendPlainly(LayerAttention layer, Tensor q, Tensor k, Tensor v)
    {
        using var scope = NewDisposeScope();
        var groups = q.shape[1] / k.shape[1];
        var (queries, keys, values) = (Spread(q), Heads(Spread(k), groups), Heads(Spread(v), groups));
        // A causal mask that is not written down lets the library choose its fastest kernel.
        var rows = layer.Rule == AttentionRule.Plain
            ? nn.functional.scaled_dot_product_attention(queries, keys, values, is_casual: true)
            : PlainAttention.Attend(layer.Rule, queries, keys, values, Mask(layer.Rule), layer.Sinks?.unsqueeze(1));
        return Rows.Gather(rows.transpose(1, 2).flatten(2)).MoveToOuterDisposeScope();
    }

    public Tensor Convolve(int layer, Tensor x, Tensor taps) => Recurrence.Convolve(x, taps);

    public Tensor Recur(int layer, DeltaInputs inputs)
    {
        using var scope = NewDisposeScope();
        return Recurrence.Recur(inputs).Read.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _recurrence?.Dispose();
        _rows?.Dispose();
        foreach (var mask in _masks.Values) mask.Dispose();
    }

    private Tensor Mask(AttentionRule rule)
    {
        var window = rule.WindowWithin(pack.Longest) ?? pack.Longest;
        if (!_masks.TryGetValue(window, out var mask))
        {
            int[] positions = [.. Enumerable.Range(0, pack.Longest)];
            _masks[window] = mask = PlainAttention.Mask(rule, positions, pack.Longest, [pack.Longest, pack.Longest], pack.Ids.device);
        }
        return mask;
    }

    /// <summary>(N, H, Dh) to (rows, H, longest, Dh).</summary>
    private Tensor Spread(Tensor tokens) => Rows.Spread(tokens).transpose(1, 2);

    // The fused kernel knows no grouped-query attention: each key head is repeated for its queries.
    private static Tensor Heads(Tensor rows, long groups) => groups == 1 ? rows : rows.repeat_interleave(groups, 1);
}
