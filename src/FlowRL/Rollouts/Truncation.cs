using System.Runtime.Intrinsics;

namespace FlowRL.Rollouts;

/// <summary>
/// Which tokens top-k, top-p and min-p all keep: those heavier than a limit, and the first few of those that weigh as much. Each keeps a beginning of the
/// list that starts with the most likely token, equal ones in the order of their ids, so that the shortest beginning counts; top-p takes its share of the
/// whole distribution, not of what top-k has left.
/// </summary>
/// <param name="Limit">The least weight that is kept.</param>
/// <param name="Ties">How many tokens of exactly that weight are.</param>
internal readonly record struct Truncation(float Limit, int Ties)
{
    private const int DigitBits = 10, Digits = 1 << DigitBits;

    // Tokens are dealt out to sixteen groups a stretch for a bound on the k-th largest weight; at most this many stretches.
    private const int LeastStretch = 1024, MostStretches = 256;

    /// <summary>
    /// Without sorting: bits of weights order as their values, and the limit's digits, from the highest on, are where the running count or mass from above
    /// reaches what is to be kept. Only tokens that reach a floor below the limit are looked at, which are few of a large vocabulary.
    /// </summary>
    /// <param name="weights">exp of logits less the largest: the largest is 1.</param>
    /// <param name="options">Any of top-k, top-p and min-p.</param>
    /// <param name="total">The sum of the weights.</param>
    public static Truncation Of(ReadOnlySpan<float> weights, SamplingOptions options, double total)
    {
        var topMass = options.TopP < 1 ? options.TopP * total : double.PositiveInfinity;
        var floor = Math.Max((float)options.MinP, FloorOfCount(weights, options.TopK));
        if (options.TopP < 1) floor = Math.Max(floor, MassAbove.Floor(weights, topMass));
        var cut = options.TopK > 0 || options.TopP < 1 ? Cut(weights, floor, options.TopK, topMass) : null;
        return cut is { } found && found.Limit >= options.MinP ? found : new Truncation((float)options.MinP, int.MaxValue);
    }

    /// <summary>The sum of the kept weights, in the order of ids.</summary>
    public double Mass(ReadOnlySpan<float> weights) => Walk(weights, double.PositiveInfinity).Mass;

    /// <summary>The first kept token at which the running sum of kept weights passes the target; the last kept one if it never does.</summary>
    public int Find(ReadOnlySpan<float> weights, double target) => Walk(weights, target).Id;

    private (int Id, double Mass) Walk(ReadOnlySpan<float> weights, double target)
    {
        var (id, mass, ties) = (-1, 0.0, Ties);
        foreach (var i in new HeavyTokens(weights, Limit))
        {
            if (weights[i] == Limit && ties-- <= 0) continue;
            (id, mass) = (i, mass + weights[i]);
            if (mass > target) break;
        }
        return (id, mass);
    }

    /// <summary>The k-th largest of the largest weights of groups: k tokens are at least as heavy, so the k-th largest token is. 0 with fewer groups.</summary>
    private static float FloorOfCount(ReadOnlySpan<float> weights, int topK)
    {
        var lanes = Vector512<float>.Count;
        var stretch = Math.Max(LeastStretch, weights.Length / MostStretches / lanes * lanes + lanes);
        var groups = weights.Length / stretch * lanes;
        if (topK == 0 || topK > groups) return 0;
        Span<float> largest = stackalloc float[groups];
        for (var group = 0; group < groups; group += lanes)
        {
            var from = weights.Slice(group / lanes * stretch, stretch);
            var maxima = Vector512.Create(from);
            for (var i = lanes; i < stretch; i += lanes) maxima = Vector512.MaxNative(maxima, Vector512.Create(from[i..]));
            maxima.CopyTo(largest[group..]);
        }
        return Cut(largest, 0, topK, double.PositiveInfinity)!.Value.Limit;
    }

    /// <summary>Where the count reaches <paramref name="topK"/>, unless that is 0, or the mass <paramref name="topMass"/>; null where neither does.</summary>
    /// <param name="weights">In [0, 1].</param>
    /// <param name="floor">No larger than the limit that is looked for.</param>
    /// <param name="topK">Tokens, or 0.</param>
    /// <param name="topMass">Of their weights, or infinity.</param>
    private static Truncation? Cut(ReadOnlySpan<float> weights, float floor, int topK, double topMass)
    {
        Span<int> counts = stackalloc int[Digits];
        Span<double> masses = stackalloc double[Digits];
        var (prefix, count, mass) = (0u, 0, 0.0); // of what is above the digits that are known
        for (var shift = 2 * DigitBits; shift >= 0; shift -= DigitBits)
        {
            counts.Clear();
            masses.Clear();
            foreach (var i in new HeavyTokens(weights, floor))
            {
                var (weight, bits) = (weights[i], BitConverter.SingleToUInt32Bits(weights[i]));
                if (bits >> shift >> DigitBits != prefix) continue;
                var place = (int)(bits >> shift) & (Digits - 1);
                counts[place]++;
                masses[place] += weight;
            }
            var digit = Digits;
            var (last, isReached) = (-1, false);
            while (!isReached && --digit >= 0)
            {
                if (counts[digit] == 0) continue;
                last = digit;
                isReached = (topK > 0 && count + counts[digit] >= topK) || mass + masses[digit] >= topMass;
                if (!isReached) (count, mass) = (count + counts[digit], mass + masses[digit]);
            }
            if (!isReached && shift == 2 * DigitBits) return null;
            // Sums of the same weights in other orders differ in their last bits: what the digit before has reached is reached at the end of this one.
            if (!isReached) (digit, count, mass) = (last, count - counts[last], mass - masses[last]);
            prefix = (prefix << DigitBits) | (uint)digit;
        }
        var limit = BitConverter.UInt32BitsToSingle(prefix);
        var byCount = topK > 0 ? topK - count : int.MaxValue;
        var byMass = double.IsFinite(topMass) ? Math.Ceiling((topMass - mass) / limit) : double.PositiveInfinity;
        return new Truncation(limit, (int)Math.Clamp(Math.Min(byCount, byMass), 1, counts[(int)prefix & (Digits - 1)]));
    }
}
