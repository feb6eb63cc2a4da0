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
        var kept = Truncation.Of(row.Weights, options, row.Total);
        return Drawn(row, kept.Find(row.Weights, uniform * kept.Mass(row.Weights)));
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

    private static DrawnToken Drawn(in SoftmaxRow row, int id) => new(id, row.LogProb(id));
}

/// <summary>One drawn token.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProb">Its log-probability under the policy at the sampling temperature, over the whole vocabulary, in nats, whatever top-k,
/// top-p and min-p leave out.</param>
internal readonly record struct DrawnToken(int Id, float LogProb);
