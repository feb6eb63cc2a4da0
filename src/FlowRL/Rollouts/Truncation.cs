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

    /// <summary>
    /// Without sorting: bits of weights order as their values, and the limit's digits, from the highest on, are where the running count or mass from above
    /// reaches what is to be kept. A pass over the vocabulary for the first digit, over fewer and fewer tokens for two more.
    /// </summary>
    /// <param name="weights">exp of logits less the largest: the largest is 1.</param>
    /// <param name="options">Any of top-k, top-p and min-p.</param>
    /// <param name="total">The sum of the weights.</param>
    public static Truncation Of(ReadOnlySpan<float> weights, SamplingOptions options, double total)
    {
        var cut = options.TopK > 0 || options.TopP < 1 ? Cut(weights, options.TopK, options.TopP < 1 ? options.TopP * total : double.PositiveInfinity) : null;
        return cut is { } found && found.Limit >= options.MinP ? found : new Truncation((float)options.MinP, int.MaxValue);
    }

    /// <summary>The sum of the kept weights, in the order of ids.</summary>
    public double Mass(ReadOnlySpan<float> weights) => Walk(weights, double.PositiveInfinity).Mass;

    /// <summary>The first kept token at which the running sum of kept weights passes the target; the last kept one if it never does.</summary>
    public int Find(ReadOnlySpan<float> weights, double target) => Walk(weights, target).Id;

    private (int Id, double Mass) Walk(ReadOnlySpan<float> weights, double target)
    {
        var (id, mass, ties) = (-1, 0.0, Ties);
        for (var i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] > Limit || (weights[i] == Limit && ties-- > 0))) continue;
            (id, mass) = (i, mass + weights[i]);
            if (mass > target) break;
        }
        return (id, mass);
    }

    /// <summary>Where the count reaches <paramref name="topK"/>, unless that is 0, or the mass <paramref name="topMass"/>; null where neither does.</summary>
    private static Truncation? Cut(ReadOnlySpan<float> weights, int topK, double topMass)
    {
        Span<int> counts = stackalloc int[Digits];
        Span<double> masses = stackalloc double[Digits];
        var (prefix, count, mass) = (0u, 0, 0.0); // of what is above the digits that are known
        for (var shift = 2 * DigitBits; shift >= 0; shift -= DigitBits)
        {
            counts.Clear();
            masses.Clear();
            foreach (var weight in weights)
            {
                var bits = BitConverter.SingleToUInt32Bits(weight);
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
