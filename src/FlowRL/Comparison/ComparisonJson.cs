using System.Text.Json;

namespace FlowRL.Comparison;

/// <summary>A comparison as the text of <c>comparison.json</c>.</summary>
public static class ComparisonJson
{
    private static readonly JsonSerializerOptions Indented = new(JsonOutput.Options) { WriteIndented = true, NewLine = "\n" };

    public static string Text(ComparisonReport report) => JsonSerializer.Serialize(report, Indented) + "\n";
}
