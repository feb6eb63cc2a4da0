using FlowRL.Numerics;

namespace FlowRL.Rollouts;

/// <summary>
/// Draws a token from a row of logits by inverting the cumulative distribution at a given uniform number: deterministic, and the
/// softmax is computed once. Sums are in double precision.
/// </summary>
internal static class TokenSampler
{
    /// <param name="logits">(V) finite logits.</param>
    /// <param name="options">Temperature and truncation. Temperature 0 takes the first most likely token and reports its
    /// log-probability at temperature 1.</param>
    /// <param name="uniform">In [0, 1).</param>
    public static DrawnToken Draw(ReadOnlySpan<float> logits, SamplingOptions options, double uniform)
    {
        var row = new SoftmaxRow(logits, options.Temperature > 0 ? 1 / options.Temperature : 1);
        if (!double.IsFinite(row.Total))
        {
            throw new InvalidOperationException($"The logits are not finite (largest {row.Largest}): the model's weights are damaged.");
        }
        if (options.Temperature <= 0) return new DrawnToken(logits.IndexOf(row.Largest), (float)-Math.Log(row.Total));
        if (options.IsTruncated) return DrawTruncated(row, options, uniform);
        var id = Inverse(row.Weights, uniform * row.Total);
        // Rounding may leave the end of the sum below the target.
        return Drawn(row, id < 0 ? logits.IndexOf(row.Largest) : id);
    }

    private static DrawnToken DrawTruncated(in SoftmaxRow row, SamplingOptions options, double uniform)
    {
        var kept = Kept(row.Weights, options, row.Total);
        var keptTotal = 0.0;
        foreach (var id in kept) keptTotal += row.Weights[id];
        var target = uniform * keptTotal;
        var cumulative = 0.0;
        foreach (var id in kept)
        {
            cumulative += row.Weights[id];
            if (cumulative > target) return Drawn(row, id);
        }
        return Drawn(row, kept[0]);
    }

    /// <summary>The first index at which the running sum passes the target; −1 if it never does.</summary>
    private static int Inverse(ReadOnlySpan<float> weights, double target)
    {
        var cumulative = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            cumulative += weights[i];
            if (cumulative > target) return i;
        }
        return -1;
    }

    /// <summary>
    /// Tokens that top-k, top-p and min-p all keep, most likely first; at least one. Each keeps a beginning of that list, so their order does
    /// not matter; top-p takes its share of the whole distribution, not of what top-k has left.
    /// </summary>
    private static List<int> Kept(ReadOnlySpan<float> weights, SamplingOptions options, double total)
    {
        // All tokens below an even share of 1 − top-p have less than that together, so top-p drops them, and a long vocabulary need not be sorted whole.
        var least = Math.Max(options.MinP, (1 - options.TopP) * total / weights.Length);
        var candidates = new List<int>();
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] >= least) candidates.Add(i);
        }
        var values = weights.ToArray();
        candidates.Sort((a, b) => values[a] != values[b] ? values[b].CompareTo(values[a]) : a.CompareTo(b));
        if (options.TopK > 0 && candidates.Count > options.TopK) candidates.RemoveRange(options.TopK, candidates.Count - options.TopK);
        if (options.TopP >= 1) return candidates;
        var (count, mass) = (0, 0.0);
        while (count < candidates.Count && mass < options.TopP * total) mass += values[candidates[count++]];
        count = Math.Max(count, 1);
        candidates.RemoveRange(count, candidates.Count - count);
        return candidates;
    }

    private static DrawnToken Drawn(in SoftmaxRow row, int id) => new(id, row.LogProb(id));
}

/// <summary>One drawn token.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProb">Its log-probability under the policy at the sampling temperature, over the whole vocabulary, in nats, whatever top-k,
/// top-p and min-p leave out.</param>
internal readonly record struct DrawnToken(int Id, float LogProb);
