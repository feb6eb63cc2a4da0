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
            && Near(a.BetaFast, b.BetaFast) && Near(a.BetaSlow, b.BetaSlow) && Near(a.AttentionFactor, b.AttentionFactor),
        (RopeScaling.Llama3 a, RopeScaling.Llama3 b) => a.OriginalContextLength == b.OriginalContextLength && Near(a.Factor, b.Factor)
            && Near(a.LowFrequencyFactor, b.LowFrequencyFactor) && Near(a.HighFrequencyFactor, b.HighFrequencyFactor),
        _ => Equals(one, other),
    };

    /// <summary>GGUF's numbers have four bytes.</summary>
    private static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-6 * Math.Abs(a);

    private static string Shown(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "nothing";
}
