namespace FlowRL.Models;

/// <summary>How the heads of a layer turn with their position. Layers whose rules are equal share a table.</summary>
/// <param name="Width">The first numbers of a head that turn, an even count: i turns with i + Width/2. What is behind them stays as it is.</param>
/// <param name="Theta">Base of the frequencies, which are θ to the power of −2i/Width.</param>
/// <param name="Scaling">How they are changed for longer contexts.</param>
public sealed record RotaryRule(int Width, double Theta, RopeScaling Scaling);

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
    public sealed record Yarn(double Factor, double BetaFast, double BetaSlow, double AttentionFactor, int OriginalContextLength) : RopeScaling;
}
