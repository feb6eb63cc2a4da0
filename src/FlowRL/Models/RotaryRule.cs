namespace FlowRL.Models;

/// <summary>How the heads of a layer turn with their position. Layers whose rules are equal share a table.</summary>
/// <param name="Width">The first numbers of a head that turn, an even count: i turns with i + Width/2. What is behind them stays as it is.</param>
/// <param name="Theta">Base of the frequencies, which are θ to the power of −2i/Width.</param>
/// <param name="Scaling">How they are changed for longer contexts.</param>
public sealed record RotaryRule(int Width, double Theta, RopeScaling Scaling)
{
    /// <summary>The rule for a sequence that reaches <paramref name="length"/> tokens: where there are two lists of divisors, one of them.</summary>
    public RotaryRule For(int length) => Scaling is RopeScaling.LongRope both
        ? this with { Scaling = new RopeScaling.Divided(length > both.OriginalContextLength ? both.Long : both.Short, both.AttentionFactor) } : this;
}

/// <summary>How rotary frequencies are changed to reach longer contexts; the variants that configs of these families carry.</summary>
public abstract record RopeScaling
{
    private RopeScaling() { }

    public static RopeScaling None { get; } = new Unscaled();

    public sealed record Unscaled : RopeScaling;

    /// <summary>Positions divided by a factor (arXiv 2306.15595).</summary>
    public sealed record Linear(double Factor) : RopeScaling;

    /// <summary>The base grows with the length beyond the original context ("NTK-aware", as in transformers' <c>dynamic</c>).</summary>
    public sealed record Dynamic(double Factor) : RopeScaling;

    /// <summary>Llama 3.1: low frequencies divided, high ones kept, a smooth passage between.</summary>
    public sealed record Llama3(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalContextLength) : RopeScaling;

    /// <summary>YaRN (arXiv 2309.00071). <paramref name="AttentionFactor"/> multiplies the rotation's cosine and sine.</summary>
    public sealed record Yarn(double Factor, double BetaFast, double BetaSlow, double AttentionFactor, int OriginalContextLength) : RopeScaling
    {
        /// <summary>Whether the bounds between scaled and kept frequencies are whole dimensions.</summary>
        public bool Truncates { get; init; } = true;
    }

    /// <summary>
    /// LongRoPE (arXiv 2402.13753): a divisor for each frequency, from one list where a sequence stays within the original context and from another where
    /// it reaches beyond; <paramref name="AttentionFactor"/> multiplies cosine and sine with either.
    /// </summary>
    public sealed record LongRope(IReadOnlyList<double> Short, IReadOnlyList<double> Long, double AttentionFactor, int OriginalContextLength) : RopeScaling
    {
        public bool Equals(LongRope? other) => other is not null && Short.SequenceEqual(other.Short) && Long.SequenceEqual(other.Long)
            && AttentionFactor.Equals(other.AttentionFactor) && OriginalContextLength == other.OriginalContextLength;

        public override int GetHashCode() => HashCode.Combine(Short.Count, AttentionFactor, OriginalContextLength);
    }

    /// <summary>Each frequency divided by a number of its own: one of <see cref="LongRope"/>'s two lists.</summary>
    public sealed record Divided(IReadOnlyList<double> Divisors, double AttentionFactor) : RopeScaling
    {
        public bool Equals(Divided? other) =>
            other is not null && Divisors.SequenceEqual(other.Divisors) && AttentionFactor.Equals(other.AttentionFactor);

        public override int GetHashCode() => HashCode.Combine(Divisors.Count, Divisors.Sum(), AttentionFactor);
    }
}
