using System.Globalization;
using FlowRL.Models;

namespace FlowRL.Lab.Benchmarking;

/// <summary>
/// The seconds that work cannot go below on a machine: its arithmetic at the product ceiling plus the cache read from memory (both use
/// the same cores, so they add up); or the weights read once a step, where no cache of the machine holds them and that takes longer.
/// </summary>
/// <param name="Words">The work in words and numbers.</param>
/// <param name="Flops">Floating-point operations.</param>
/// <param name="CacheBytes">Keys and values read.</param>
/// <param name="WeightBytes">Weights read; 0 where a cache holds them.</param>
internal sealed record Roofline(string Words, double Flops, double CacheBytes, double WeightBytes)
{
    private const long Held = 256L << 20;

    /// <summary>The decoding steps, which begin after the prompts and their first tokens: each token sees its prompt and what it follows.</summary>
    /// <param name="config">The shape.</param>
    /// <param name="parameters">Its weights.</param>
    /// <param name="lengths">Prompt and response tokens of each sequence.</param>
    /// <param name="steps">Decoding steps: each reads the weights once.</param>
    /// <param name="numberBytes">Bytes of a weight and of a number in the cache.</param>
    public static Roofline OfDecoding(
        DecoderConfig config, long parameters, IReadOnlyList<(int Prompt, int Response)> lengths, long steps, (double Weight, double Cache) numberBytes)
    {
        var tokens = lengths.Sum(length => length.Response - 1L);
        var seen = lengths.Sum(length => (length.Response - 1) * (length.Prompt + length.Response / 2.0));
        var attention = DecoderCosts.AttentionFlops(config) * seen;
        var cache = numberBytes.Cache * DecoderCosts.CacheNumbers(config) * seen;
        var weights = numberBytes.Weight * parameters;
        return new Roofline(
            Text($"2 · {parameters:N0} parameters · {tokens:N0} tokens + attention {attention / 1e9:N1} GFLOP"),
            2.0 * parameters * tokens + attention, cache, weights <= Held ? 0 : weights * steps);
    }

    /// <summary>Forward and backward; attention and the optimiser count as lost.</summary>
    public static Roofline OfTraining(long parameters, long tokens) =>
        new(Text($"6 · {parameters:N0} parameters · {tokens:N0} tokens"), 6.0 * parameters * tokens, 0, 0);

    /// <summary>Forward alone.</summary>
    public static Roofline OfScoring(long parameters, long tokens) =>
        new(Text($"2 · {parameters:N0} parameters · {tokens:N0} tokens"), 2.0 * parameters * tokens, 0, 0);

    public double Seconds(Ceilings ceilings) => Math.Max(
        Flops / (ceilings.ProductGigaflops * 1e9) + CacheBytes / (ceilings.ReadGigabytes * 1e9),
        (WeightBytes + CacheBytes) / (ceilings.ReadGigabytes * 1e9));

    /// <summary>The measurement with its fraction of this roofline.</summary>
    public Measured Rate(Measured measured, Ceilings ceilings) => measured with
    {
        RooflineFraction = Seconds(ceilings) / measured.RooflineSeconds,
        Roofline = Explain(ceilings) + Text($" = {Seconds(ceilings):G3} s; took {measured.RooflineSeconds:G3} s"),
    };

    private string Explain(Ceilings ceilings)
    {
        var arithmetic = Text($"({Words}) / {ceilings.ProductGigaflops:N0} GFLOP/s");
        if (CacheBytes == 0) return arithmetic;
        var computing = arithmetic + Text($" + {CacheBytes / 1e9:N2} GB of cache / {ceilings.ReadGigabytes:N1} GB/s");
        return WeightBytes == 0 ? computing : $"the larger of {computing} and " + Text(
            $"({WeightBytes / 1e9:N1} GB of weights, read once a step, + {CacheBytes / 1e9:N2} GB of cache) / {ceilings.ReadGigabytes:N1} GB/s");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
