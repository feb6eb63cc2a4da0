using System.Text.Json;

namespace FlowRL.Files;

/// <summary>How JSON that users read is written: snake_case names.</summary>
public static class JsonOutput
{
    public static JsonSerializerOptions Options { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
