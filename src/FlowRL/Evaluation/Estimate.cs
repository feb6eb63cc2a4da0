using System.Text.Json.Serialization;

namespace FlowRL.Evaluation;

/// <summary>A mean over problems with its 95% confidence interval.</summary>
public sealed record Estimate(
    [property: JsonPropertyName("value")] double Value,
    [property: JsonPropertyName("low")] double Low,
    [property: JsonPropertyName("high")] double High);
