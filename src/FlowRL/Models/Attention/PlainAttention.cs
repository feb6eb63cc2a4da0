using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models.Attention;

/// <summary>Attention by a layer's rule in tensor operations, over rows of equal length.</summary>
/// <remarks>B rows, H query heads, Hkv key heads, T queries, C keys, Dh head width.</remarks>
internal static class PlainAttention
{
    /// <param name="rule">What is done with scores.</param>
    /// <param name="q">(B, H, T, Dh).</param>
    /// <param name="k">(B, H, C, Dh).</param>
    /// <param name="v">(B, H, C, Dh).</param>
    /// <param name="mask">0 or −∞, added to scores: any shape that (B, H, T, C) stretches. The rule's window is part of it.</param>
    /// <param name="sinks">(H or 1, T or 1) scores of the heads' sinks; null for none.</param>
    /// <returns>(B, H, T, Dh).</returns>
    public static Tensor Attend(AttentionRule rule, Tensor q, Tensor k, Tensor v, Tensor mask, Tensor? sinks)
    {
        var width = (int)q.shape[3];
        using var scope = NewDisposeScope();
        if (rule is { SoftCap: null, HasSinks: false })
        {
            // The library's kernel scales by 1/√Dh itself.
            var scaled = rule.Scale is null ? q : q * Scalars.Of(rule.ScaleOf(width) * Math.Sqrt(width));
            return nn.functional.scaled_dot_product_attention(scaled, k, v, mask).MoveToOuterDisposeScope();
        }
        var scores = einsum("bhtd,bhcd->bhtc", q, k) * Scalars.Of((double)rule.ScaleOf(width));
        if (rule.SoftCap is { } cap) scores = (scores / Scalars.Of(cap)).tanh() * Scalars.Of(cap);
        scores = scores.Plus(mask);
        if (sinks is not null) scores = cat([scores, sinks.view(1, sinks.shape[0], -1, 1).expand(q.shape[0], q.shape[1], q.shape[2], 1)], 3);
        return einsum("bhtc,bhcd->bhtd", scores.softmax(3).narrow(3, 0, k.shape[2]), v).MoveToOuterDisposeScope();
    }

    /// <summary>0 where a query sees a key, else −∞. Owned by the caller.</summary>
    /// <param name="rule">Whose window counts.</param>
    /// <param name="positions">Of the queries.</param>
    /// <param name="keys">Keys, which stand at the positions 0 and on.</param>
    /// <param name="shape">Of the mask: queries times keys numbers, in this order.</param>
    /// <param name="device">Where it is made.</param>
    public static Tensor Mask(AttentionRule rule, ReadOnlySpan<int> positions, int keys, long[] shape, Device device)
    {
        var mask = new float[positions.Length * keys];
        for (var row = 0; row < positions.Length; row++)
        {
            var seen = mask.AsSpan(row * keys, keys);
            seen[..rule.FirstSeen(positions[row])].Fill(float.NegativeInfinity);
            seen[(positions[row] + 1)..].Fill(float.NegativeInfinity);
        }
        return tensor(mask, shape, device: device).DetachFromDisposeScope();
    }
}
