using System.Text.Json.Serialization;
using FlowRL.Evaluation;

namespace FlowRL.Lab.Comparison;

/// <summary>One point of a named objective, and what another's front has at its accuracy and at its variety. Nothing is extrapolated.</summary>
/// <param name="Of">The objective whose point it is.</param>
/// <param name="Temperature">The point's temperature.</param>
/// <param name="TopP">The point's top-p.</param>
/// <param name="Accuracy">The point's accuracy.</param>
/// <param name="DistinctCorrect">Its different right answers.</param>
/// <param name="Objective">The other objective.</param>
/// <param name="DistinctAtAccuracy">The other's different right answers at that accuracy; null where its front does not reach it.</param>
/// <param name="DistinctRatio">The same as a multiple of the point's.</param>
/// <param name="AccuracyAtDistinct">The other's accuracy at that variety; null where its front does not reach it.</param>
/// <param name="AccuracyGain">The same less the point's.</param>
public sealed record MatchedPoint(
    [property: JsonPropertyName("of")] string Of,
    [property: JsonPropertyName("temperature")] double Temperature,
    [property: JsonPropertyName("top_p")] double TopP,
    [property: JsonPropertyName("accuracy")] double Accuracy,
    [property: JsonPropertyName("distinct_correct")] double DistinctCorrect,
    [property: JsonPropertyName("objective")] string Objective,
    [property: JsonPropertyName("distinct_at_accuracy")] PairedStatistic? DistinctAtAccuracy,
    [property: JsonPropertyName("distinct_ratio")] PairedStatistic? DistinctRatio,
    [property: JsonPropertyName("accuracy_at_distinct")] PairedStatistic? AccuracyAtDistinct,
    [property: JsonPropertyName("accuracy_gain")] PairedStatistic? AccuracyGain)
{
    internal static MatchedPoint At(FrontSetting setting, (string Name, ObjectiveFront Front) named, (string Name, ObjectiveFront Front) other)
    {
        var point = named.Front.Whole.At(setting);
        PairedStatistic? Compare(Func<ObjectiveFront.View, (double Accuracy, double Variety), double?> number) =>
            ObjectiveFront.Compare(other.Front, named.Front, (view, of) => number(view, of.At(setting)));
        return new MatchedPoint(named.Name, setting.Temperature, setting.TopP, point.Accuracy, point.Variety, other.Name,
            Compare((view, at) => view.Curve.VarietyAt(at.Accuracy)),
            Compare((view, at) => at.Variety > 0 ? view.Curve.VarietyAt(at.Accuracy) / at.Variety : null),
            Compare((view, at) => view.Curve.AccuracyAt(at.Variety)), Compare((view, at) => view.Curve.AccuracyAt(at.Variety) - at.Accuracy));
    }
}
