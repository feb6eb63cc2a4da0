using FlowRL.Models;

namespace FlowRL.Decoding.Cpu;

/// <summary>
/// Where the numbers of a head lie while kernels work on it, so that every part is a whole number of registers: of queries and keys each half of what
/// turns, then what does not; of values all, one after the other. Zeros fill what is left, and change no product.
/// </summary>
/// <param name="Width">Numbers of a head.</param>
/// <param name="Turned">Those that turn.</param>
/// <param name="Lanes">Of a register.</param>
internal sealed record HeadLayout(int Width, int Turned, int Lanes)
{
    /// <summary>From the first number of a pair that turns to the second.</summary>
    public int Half { get; } = RoundUp(Turned / 2, Lanes);

    /// <summary>Numbers of a head with its zeros: a whole number of pairs of registers.</summary>
    public int Padded { get; } = RoundUp(2 * RoundUp(Turned / 2, Lanes) + RoundUp(Width - Turned, Lanes), 2 * Lanes);

    /// <summary>Whether there are no zeros, and everything lies as the weights give it.</summary>
    public bool IsPlain => Padded == Width;

    public static HeadLayout Of(DecoderConfig config, int lanes) => new(config.HeadWidth, Turning(config), lanes);

    /// <summary>The same in the registers that <see cref="CpuSupport.Lanes"/> chooses.</summary>
    public static HeadLayout Of(DecoderConfig config) => Of(config, CpuSupport.Lanes(config));

    /// <summary>Numbers of a head that turn: of all layers in which heads do, the same.</summary>
    public static int Turning(DecoderConfig config) =>
        Enumerable.Range(0, config.Layers).Select(config.RotaryOf).OfType<RotaryRule>().FirstOrDefault()?.Width ?? config.HeadWidth;

    /// <summary>Which number of a query or key lies at a place; −1 where a zero does.</summary>
    public int TurnedAt(int place)
    {
        var (rest, half) = (place - 2 * Half, Turned / 2);
        if (rest >= 0) return Turned + rest < Width ? Turned + rest : -1;
        var within = place % Half;
        return within >= half ? -1 : place < Half ? within : half + within;
    }

    /// <summary>Which number of a value lies at a place; −1 where a zero does.</summary>
    public int ValueAt(int place) => place < Width ? place : -1;

    private static int RoundUp(int count, int multiple) => (count + multiple - 1) / multiple * multiple;
}
