namespace FlowRL.Rollouts;

/// <summary>One drawn token with its log-probability under the policy and under the distribution it was drawn from.</summary>
public readonly record struct DrawnToken(int Id, float LogProb, float SampledLogProb);

/// <summary>
/// Draws a token from a row of logits by inverting the cumulative distribution at a given uniform number: deterministic, and one pass
/// over the row. Sums are in double precision.
/// </summary>
public static class TokenSampler
{
    /// <param name="logits">(V) finite logits.</param>
    /// <param name="options">Temperature and truncation. Temperature 0 takes the first most likely token and reports its
    /// log-probability at temperature 1.</param>
    /// <param name="uniform">In [0, 1).</param>
    public static DrawnToken Draw(ReadOnlySpan<float> logits, SamplingOptions options, double uniform)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++) if (logits[i] > logits[best]) best = i;
        if (!float.IsFinite(logits[best])) throw new InvalidOperationException($"Logit {best} is {logits[best]}: the model's weights are damaged.");
        var scale = options.Temperature > 0 ? 1 / options.Temperature : 1;
        var max = logits[best];
        var total = 0.0;
        foreach (var logit in logits) total += Weight(logit, max, scale);
        if (options.Temperature <= 0) return new DrawnToken(best, (float)-Math.Log(total), 0);
        return options.IsTruncated
            ? DrawTruncated(logits, options, uniform, max, scale, total)
            : DrawPlain(logits, uniform, max, scale, total, best);
    }

    private static DrawnToken DrawPlain(ReadOnlySpan<float> logits, double uniform, float max, double scale, double total, int best)
    {
        var target = uniform * total;
        var cumulative = 0.0;
        for (var i = 0; i < logits.Length; i++)
        {
            cumulative += Weight(logits[i], max, scale);
            if (cumulative > target) return Drawn(logits, i, max, scale, total, total);
        }
        return Drawn(logits, best, max, scale, total, total); // rounding left the end of the sum below the target
    }

    private static DrawnToken DrawTruncated(
        ReadOnlySpan<float> logits, SamplingOptions options, double uniform, float max, double scale, double total)
    {
        var kept = Kept(logits, options, max, scale, total);
        var keptTotal = 0.0;
        foreach (var id in kept) keptTotal += Weight(logits[id], max, scale);
        var target = uniform * keptTotal;
        var cumulative = 0.0;
        foreach (var id in kept)
        {
            cumulative += Weight(logits[id], max, scale);
            if (cumulative > target) return Drawn(logits, id, max, scale, total, keptTotal);
        }
        return Drawn(logits, kept[0], max, scale, total, keptTotal);
    }

    /// <summary>Tokens that survive top-k, then top-p, then min-p, most likely first; at least one.</summary>
    private static List<int> Kept(ReadOnlySpan<float> logits, SamplingOptions options, float max, double scale, double total)
    {
        var candidates = new List<int>();
        for (var i = 0; i < logits.Length; i++)
        {
            if (Weight(logits[i], max, scale) >= options.MinP) candidates.Add(i);
        }
        var values = logits.ToArray();
        candidates.Sort((a, b) => values[a] != values[b] ? values[b].CompareTo(values[a]) : a.CompareTo(b));
        if (options.TopK > 0 && candidates.Count > options.TopK) candidates.RemoveRange(options.TopK, candidates.Count - options.TopK);
        if (options.TopP >= 1) return candidates;
        var (count, mass) = (0, 0.0);
        while (count < candidates.Count && mass < options.TopP * total) mass += Weight(logits[candidates[count++]], max, scale);
        count = Math.Max(count, 1);
        candidates.RemoveRange(count, candidates.Count - count);
        return candidates;
    }

    private static DrawnToken Drawn(ReadOnlySpan<float> logits, int id, float max, double scale, double total, double keptTotal)
    {
        var centred = ((double)logits[id] - max) * scale;
        return new DrawnToken(id, (float)(centred - Math.Log(total)), (float)(centred - Math.Log(keptTotal)));
    }

    private static double Weight(float logit, float max, double scale) => MathF.Exp((float)((logit - max) * scale));
}
