using System.Text.Json;

namespace FlowRL.Files;

/// <summary>How JSON that users read is written: snake_case names.</summary>
internal static class JsonOutput
{
    public static JsonSerializerOptions Options { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
