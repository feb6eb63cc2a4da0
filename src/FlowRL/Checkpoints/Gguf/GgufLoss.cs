using System.Globalization;
using FlowRL.Models;

namespace FlowRL.Checkpoints.Gguf;

/// <summary>What a description loses on its way through GGUF's metadata, other than what changes no number that the model computes.</summary>
internal static class GgufLoss
{
    /// <summary>Names of other places, ids that other metadata say, and how new weights are drawn.</summary>
    private static readonly string[] Harmless =
    [
        nameof(DecoderConfig.ModelType), nameof(DecoderConfig.Names), nameof(DecoderConfig.InitializerRange), nameof(DecoderConfig.EndOfSequenceIds),
        nameof(DecoderConfig.BeginOfSequenceId), nameof(DecoderConfig.PaddingId), nameof(DecoderConfig.TokenizerSize),
        nameof(DecoderConfig.DrawnTokens),
    ];

    /// <summary>Each as words for a sentence.</summary>
    public static IEnumerable<string> Of(DecoderConfig meant, DecoderConfig said)
    {
        foreach (var property in typeof(DecoderConfig).GetProperties().Where(property => !Harmless.Contains(property.Name)))
        {
            var (one, other) = (property.GetValue(meant), property.GetValue(said));
            if (!IsSame(one, other)) yield return $"{property.Name} {Shown(one)} (it would be read as {Shown(other)})";
        }
    }

    private static bool IsSame(object? one, object? other) => (one, other) switch
    {
        (double a, double b) => Near(a, b),
        // Within the trained context, which is all that is written, dynamic scaling is none.
        (RopeScaling.Dynamic or RopeScaling.Unscaled, RopeScaling.Unscaled) => true,
        (RopeScaling.Linear a, RopeScaling.Linear b) => Near(a.Factor, b.Factor),
        (RopeScaling.Yarn a, RopeScaling.Yarn b) => a.OriginalContextLength == b.OriginalContextLength && Near(a.Factor, b.Factor)
            && Near(a.BetaFast, b.BetaFast) && Near(a.BetaSlow, b.BetaSlow) && Near(a.AttentionFactor, b.AttentionFactor) && a.Truncates == b.Truncates,
        (RopeScaling.Llama3 a, RopeScaling.Llama3 b) => a.OriginalContextLength == b.OriginalContextLength && Near(a.Factor, b.Factor)
            && Near(a.LowFrequencyFactor, b.LowFrequencyFactor) && Near(a.HighFrequencyFactor, b.HighFrequencyFactor),
        (RopeScaling.LongRope a, RopeScaling.LongRope b) => a.OriginalContextLength == b.OriginalContextLength && Near(a.AttentionFactor, b.AttentionFactor)
            && Near(a.Long, b.Long) && Near(a.Short, b.Short),
        (RotaryRule a, RotaryRule b) => a.Width == b.Width && Near(a.Theta, b.Theta) && IsSame(a.Scaling, b.Scaling),
        (QueryGrowth a, QueryGrowth b) => a.OriginalContextLength == b.OriginalContextLength && Near(a.Beta, b.Beta),
        // What balances experts is the training's business.
        (ExpertShape a, ExpertShape b) => a with { BalanceCoefficient = 0, TrainsBalance = false } == b with { BalanceCoefficient = 0, TrainsBalance = false },
        (LayerShape a, LayerShape b) => a with { Rotary = null } == b with { Rotary = null } && IsSame(a.Rotary, b.Rotary),
        (IReadOnlyList<LayerShape> a, IReadOnlyList<LayerShape> b) => a.Count == b.Count && a.Zip(b).All(pair => IsSame(pair.First, pair.Second)),
        _ => Equals(one, other),
    };

    private static bool Near(IReadOnlyList<double> a, IReadOnlyList<double> b) => a.Count == b.Count && a.Zip(b).All(pair => Near(pair.First, pair.Second));

    /// <summary>GGUF's numbers have four bytes.</summary>
    private static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-6 * Math.Abs(a);

    private static string Shown(object? value) => value is IReadOnlyList<LayerShape> shapes ? Shown(shapes)
        : Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "nothing";

    /// <summary>What is special in each layer, of the first few.</summary>
    private static string Shown(IReadOnlyList<LayerShape> shapes)
    {
        var words = shapes.Select(shape => string.Join(" and ", new[]
        {
            shape.Mixing == LayerMixing.Attention ? null : shape.Mixing.ToString(),
            shape.Window is { } window ? $"window {window}" : null,
            shape.Turns ? null : "not turning",
            shape.Rotary is { } rotary ? string.Create(CultureInfo.InvariantCulture, $"turning by {rotary.Theta}") : null,
            shape.IsDense ? "without experts" : null,
        }.OfType<string>().DefaultIfEmpty("plain"))).ToList();
        return words.Count == 0 ? "all plain" : $"[{string.Join(", ", words.Take(8))}{(words.Count > 8 ? ", …" : "")}]";
    }
}
