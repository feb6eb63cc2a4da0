using System.Text.Json.Serialization;

namespace FlowRL.Lab.Comparison;

/// <summary>The primary statistic of two fronts: the area between them over the accuracies that both reach.</summary>
/// <param name="Objective">Whose front is positive where it lies above.</param>
/// <param name="Against">The other.</param>
/// <param name="From">The lowest accuracy that both reach; null where they share none.</param>
/// <param name="To">The highest.</param>
/// <param name="Area">Different right answers × accuracy; null where they share no accuracies.</param>
/// <param name="Height">The area by the range: how many different right answers more at equal accuracy, on average.</param>
public sealed record FrontArea(
    [property: JsonPropertyName("objective")] string Objective,
    [property: JsonPropertyName("against")] string Against,
    [property: JsonPropertyName("from")] double? From,
    [property: JsonPropertyName("to")] double? To,
    [property: JsonPropertyName("area")] PairedStatistic? Area,
    [property: JsonPropertyName("height")] PairedStatistic? Height)
{
    internal static FrontArea Of((string Name, ObjectiveFront Front) one, (string Name, ObjectiveFront Front) other)
    {
        var gap = one.Front.Whole.Curve.Over(other.Front.Whole.Curve);
        return new FrontArea(one.Name, other.Name, gap?.From, gap?.To,
            ObjectiveFront.Compare(one.Front, other.Front, (a, b) => a.Curve.Over(b.Curve)?.Area),
            ObjectiveFront.Compare(one.Front, other.Front, (a, b) => a.Curve.Over(b.Curve)?.Height));
    }
}
