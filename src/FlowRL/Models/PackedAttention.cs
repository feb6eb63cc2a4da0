using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>
/// Causal attention within each packed sequence, with gradient. Rows are padded on the right for the kernel only: causality keeps real
/// queries from padded keys, and padded queries are dropped.
/// </summary>
public sealed class PackedAttention(PackedSequences pack) : IAttention
{
    public Tensor Positions => pack.Positions;

    public Tensor Attend(int layer, Tensor q, Tensor k, Tensor v)
    {
        using var scope = NewDisposeScope();
        var groups = q.shape[1] / k.shape[1];
        var rows = nn.functional.scaled_dot_product_attention(Rows(q), Heads(Rows(k), groups), Heads(Rows(v), groups), is_casual: true);
        return Tokens(rows).MoveToOuterDisposeScope();
    }

    /// <summary>(N, H, Dh) to (rows, H, longest, Dh).</summary>
    private Tensor Rows(Tensor tokens)
    {
        var padded = pack.IsRectangular ? tokens : tokens.index_select(0, pack.RowSources);
        return padded.view(pack.Sequences, pack.Longest, tokens.shape[1], tokens.shape[2]).transpose(1, 2);
    }

    /// <summary>(rows, H, longest, Dh) to (N, H·Dh).</summary>
    private Tensor Tokens(Tensor rows)
    {
        var padded = rows.transpose(1, 2).reshape(pack.Sequences * pack.Longest, -1);
        return pack.IsRectangular ? padded : padded.index_select(0, pack.RowSlots);
    }

    // The fused kernel knows no grouped-query attention: each key head is repeated for its queries.
    private static Tensor Heads(Tensor rows, long groups) => groups == 1 ? rows : rows.repeat_interleave(groups, 1);
}
